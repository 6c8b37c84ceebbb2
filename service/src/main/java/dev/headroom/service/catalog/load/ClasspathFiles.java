package dev.headroom.service.catalog.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A catalog bundled with the program, in {@code catalogs/<name>} on the classpath. */
public record ClasspathFiles(String catalog) implements CatalogFiles {
    static final String ROOT = "catalogs";
    static final String YAML = "catalog.yaml";

    /** The bundled catalogs' names, sorted. */
    public static List<String> bundled() {
        try {
            return entries(ROOT)
                    .filter(entry -> entry.endsWith("/" + YAML))
                    .map(entry -> entry.substring(0, entry.indexOf('/')))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalStateException("the program's own jar cannot be read", unreadable);
        }
    }

    @Override
    public Optional<String> read(String name) throws IOException {
        try (InputStream in = loader().getResourceAsStream(path(name))) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return entries(folder.isEmpty() ? ROOT + "/" + catalog : path(folder))
                .filter(entry -> !entry.contains("/"))
                .sorted()
                .toList();
    }

    @Override
    public String describe(String name) {
        return path(name);
    }

    private String path(String name) {
        return ROOT + "/" + catalog + "/" + name;
    }

    /** Paths of all files below a folder of the classpath, relative to it. */
    private static Stream<String> entries(String folder) throws IOException {
        URL url = loader().getResource(folder);
        if (url == null) {
            return Stream.empty();
        }
        if (url.openConnection() instanceof JarURLConnection jar) {
            String prefix = folder + "/";
            return jar.getJarFile().stream()
                    .map(java.util.zip.ZipEntry::getName)
                    .filter(name -> name.startsWith(prefix) && !name.endsWith("/"))
                    .map(name -> name.substring(prefix.length()));
        }
        Path root = Path.of(URI.create(url.toString()));
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .toList()
                    .stream();
        }
    }

    private static ClassLoader loader() {
        return ClasspathFiles.class.getClassLoader();
    }
}

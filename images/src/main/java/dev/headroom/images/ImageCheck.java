package dev.headroom.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Checks a finished image: size, user, entry point, labels, times of files, and that nothing of the test kit or a shell is in it. */
final class ImageCheck {

    /** What docs/images.md promises. */
    static final long LARGEST = 60_000_000;

    private static final int SET_ID = 06000;
    private static final int WRITABLE_BY_ALL = 0002;

    /** Shells, tools of the build and of the tests. */
    private static final Pattern UNWANTED = Pattern.compile(
            ".*/(sh|bash|dash|busybox|javac|jshell)|.*/(headroom-testkit|headroom-images|junit|testcontainers|assertj|archunit)[^/]*");

    private static final List<String> LABELS =
            List.of("title", "description", "version", "revision", "licenses", "created");

    private final List<String> problems = new ArrayList<>();
    private final Program program;
    private final Path tar;

    private ImageCheck(Program program, Path tar) {
        this.program = program;
        this.tar = tar;
    }

    /**
     * Every problem of an image, each in a sentence.
     *
     * @param withAotCache whether it is to have one
     */
    static List<String> problems(Program program, Path tar, String name, boolean withAotCache, Instant created)
            throws IOException {
        ImageCheck check = new ImageCheck(program, tar);
        check.checkAll(name, withAotCache, created);
        return check.problems.stream()
                .map(problem -> tar.getFileName() + ": " + problem)
                .toList();
    }

    private void checkAll(String name, boolean withAotCache, Instant created) throws IOException {
        long size = Files.size(tar);
        expect(size <= LARGEST, "has " + size + " bytes, over " + LARGEST);
        Map<String, byte[]> parts = parts();
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest = json.readTree(part(parts, "manifest.json")).get(0);
        expect(name.equals(manifest.at("/RepoTags/0").asText()), "is named " + manifest.get("RepoTags"));
        JsonNode image = json.readTree(part(parts, manifest.get("Config").asText()));
        checkConfiguration(image, created);
        Set<String> files = new HashSet<>();
        for (JsonNode layer : manifest.get("Layers")) {
            files.addAll(checkLayer(part(parts, layer.asText())));
        }
        expect(files.contains(Program.JAVA_HOME.substring(1) + "/bin/java"), "has no Java");
        expect(files.stream().anyMatch(file -> file.matches("lib.*/libc[.].*")), "has no C library");
        expect(files.contains("app/" + Program.ARGUMENTS), "has no arguments for the JVM");
        expect(files.contains("app/" + program.jar()), "has no " + program.jar());
        expect(files.contains("app/" + program.sbom()), "has no " + program.sbom());
        expect(
                files.contains("app/" + program.aotCache()) == withAotCache,
                "has an AOT cache or none, against the wish");
    }

    private void checkConfiguration(JsonNode image, Instant created) {
        JsonNode config = image.get("config");
        expect("linux".equals(image.get("os").asText()), "is for " + image.get("os"));
        expect(created.equals(Instant.parse(image.get("created").asText())), "was created " + image.get("created"));
        expect(ImageTar.USER.equals(config.get("User").asText()), "runs as " + config.get("User"));
        List<String> entrypoint = new ArrayList<>();
        config.get("Entrypoint").forEach(word -> entrypoint.add(word.asText()));
        expect(entrypoint.equals(Program.ENTRYPOINT), "starts with " + entrypoint);
        for (String label : LABELS) {
            expect(
                    config.at("/Labels/org.opencontainers.image." + label)
                                    .asText()
                                    .length()
                            > 0,
                    "has no label " + label);
        }
        for (int port : program.ports()) {
            expect(config.get("ExposedPorts").has(port + "/tcp"), "does not expose port " + port);
        }
    }

    private Set<String> checkLayer(byte[] gzipped) throws IOException {
        Set<String> files = new HashSet<>();
        try (TarArchiveInputStream layer =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(gzipped)))) {
            for (TarArchiveEntry entry = layer.getNextEntry(); entry != null; entry = layer.getNextEntry()) {
                String path = entry.getName().replaceFirst("^/", "").replaceFirst("/$", "");
                files.add(path);
                expect(!UNWANTED.matcher("/" + path).matches(), "has " + path);
                expect((entry.getMode() & SET_ID) == 0, path + " runs as its owner");
                expect(
                        path.equals("tmp") || (entry.getMode() & WRITABLE_BY_ALL) == 0,
                        path + " can be written by everybody");
                expect(
                        entry.getLastModifiedTime().toInstant().equals(Layout.FILE_TIME),
                        path + " has the time " + entry.getLastModifiedTime());
            }
        }
        return files;
    }

    private Map<String, byte[]> parts() throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(tar));
                TarArchiveInputStream entries = new TarArchiveInputStream(file)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                parts.put(entry.getName(), entries.readAllBytes());
            }
        }
        return parts;
    }

    private byte[] part(Map<String, byte[]> parts, String name) throws IOException {
        byte[] part = parts.get(name);
        if (part == null) {
            throw new IOException(tar + " has no " + name);
        }
        return part;
    }

    private void expect(boolean fine, String problem) {
        if (!fine) {
            problems.add(problem);
        }
    }
}

package dev.headroom.service.catalog.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A catalog in a folder; nothing outside of the folder can be named. */
public record FolderFiles(Path root) implements CatalogFiles {
    private static final long MOST_BYTES = 16 * 1024 * 1024;

    @Override
    public Optional<String> read(String name) throws IOException {
        Path file = root.resolve(name).normalize();
        if (!file.startsWith(root.normalize()) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new IOException("it has " + size + " bytes, and a file of a catalog at most " + MOST_BYTES);
        }
        return Optional.of(Files.readString(file));
    }

    @Override
    public List<String> list(String folder) throws IOException {
        Path directory = root.resolve(folder);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public String describe(String name) {
        return root.resolve(name).toString();
    }
}

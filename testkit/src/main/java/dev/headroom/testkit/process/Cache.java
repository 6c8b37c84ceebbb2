package dev.headroom.testkit.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Unpacked binaries, kept between runs; filled by whoever comes first, so that no one ever sees half of one. */
public final class Cache {

    /** Writes the content into an empty directory. */
    @FunctionalInterface
    public interface Filling {
        void into(Path directory) throws IOException;
    }

    private Cache() {}

    /** The directory of that name, which {@code filling} has filled, now or in an earlier run. */
    public static Path directory(String name, Filling filling) throws IOException {
        Path home = home();
        Path directory = home.resolve(name);
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Path draft = Files.createTempDirectory(home, name + ".");
        // Readable by all: where root runs PostgreSQL as nobody, nobody reads it.
        draft.toFile().setExecutable(true, false);
        draft.toFile().setReadable(true, false);
        filling.into(draft);
        try {
            Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            delete(draft); // another JVM was faster, with the same content
        }
        return directory;
    }

    /** Removes a directory and everything in it. */
    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        Unchecked.io(() -> {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
            return directory;
        });
    }

    private static Path home() throws IOException {
        for (Path candidate : candidates()) {
            try {
                Files.createDirectories(candidate);
            } catch (FileSystemException e) {
                continue; // a read-only home, or none at all
            }
            if (Files.isWritable(candidate)) {
                return candidate;
            }
        }
        throw new IOException("no place to unpack binaries: make ~/.cache writable or set XDG_CACHE_HOME");
    }

    private static List<Path> candidates() {
        Path temporary =
                Path.of(System.getProperty("java.io.tmpdir"), "headroom-cache-" + System.getProperty("user.name"));
        if (Unprivileged.isRoot()) {
            return List.of(Path.of("/var/cache/headroom"), temporary); // root's home is closed to nobody
        }
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path caches = xdg.isBlank() ? Path.of(System.getProperty("user.home", "/"), ".cache") : Path.of(xdg);
        return List.of(caches.resolve("headroom"), temporary);
    }
}

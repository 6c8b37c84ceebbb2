package dev.headroom.testkit.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    public static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static Path home() throws IOException {
        for (Path candidate : candidates(System.getenv(), Path.of(System.getProperty("user.home", "/")))) {
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

    static List<Path> candidates(Map<String, String> environment, Path userHome) {
        Path temporary =
                Path.of(System.getProperty("java.io.tmpdir"), "headroom-cache-" + System.getProperty("user.name"));
        if (Unprivileged.isRoot()) {
            return List.of(Path.of("/var/cache/headroom"), temporary); // root's home is closed to nobody
        }
        @Nullable String xdg = environment.get("XDG_CACHE_HOME");
        Path caches = System.getProperty("os.name").startsWith("Mac")
                ? userHome.resolve("Library").resolve("Caches")
                : userHome.resolve(".cache");
        return List.of((xdg == null || xdg.isBlank() ? caches : Path.of(xdg)).resolve("headroom"), temporary);
    }
}

package dev.headroom.testkit;

import dev.headroom.testkit.process.Cache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The redis-server for this machine, unpacked from the jar of embedded-redis. */
final class RedisBinary {

    private static final String VERSION = "1.4.4"; // of the jar: another one, another directory

    private RedisBinary() {}

    /** The embedded one, or with {@code -Dredis.server=/path/to/it} another Redis or Valkey. */
    static Path file() throws IOException {
        String another = System.getProperty("redis.server", "");
        if (!another.isEmpty()) {
            return Path.of(another);
        }
        List<String> names = names(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path directory = Cache.directory("redis-" + VERSION, into -> {
            for (String name : names) {
                unpack(name, into.resolve(name));
            }
        });
        for (String name : names) {
            if (runs(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        throw new IllegalStateException("the embedded Redis does not run here (" + names + " in " + directory
                + "): it needs OpenSSL 3 (Debian/Ubuntu: apt install libssl3; macOS: brew install openssl@3);"
                + " or use a server of your own with TEST_BACKEND=external");
    }

    /** Best first. The one for x86-64 needs OpenSSL 3 and a recent glibc; the 32-bit one is static and needs nothing. */
    static List<String> names(String os, String architecture) {
        boolean arm = architecture.equals("aarch64");
        if (os.toLowerCase(Locale.ROOT).startsWith("mac")) {
            return List.of("redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64"));
        }
        return arm
                ? List.of("redis-server-6.2.7-linux-arm64")
                : List.of("redis-server-6.2.6-v5-linux-amd64", "redis-server-6.2.7-linux-386");
    }

    private static void unpack(String name, Path target) throws IOException {
        try (InputStream in = RedisBinary.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException(name + " is not in the jar of embedded-redis");
            }
            Files.copy(in, target);
            target.toFile().setExecutable(true, false);
        }
    }

    private static boolean runs(Path binary) throws IOException {
        try {
            return new ProcessBuilder(binary.toString(), "--version").start().waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking for a Redis that runs here", e);
        }
    }
}

package dev.headroom.testkit;

import dev.headroom.testkit.process.Cache;
import dev.headroom.testkit.process.Unchecked;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The servers' programs for this machine, unpacked from jars on Maven Central. */
final class Binaries {

    private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final String REDIS_VERSION = "1.4.4"; // of the jar: another one, another directory
    private static final int OWNER_MAY_EXECUTE = 0100;

    private Binaries() {}

    /** The folder with PostgreSQL's bin, from zonky's jar. */
    static Path postgres() throws IOException {
        String archive = "postgres-" + (MAC ? "darwin" : "linux") + "-" + (ARM ? "arm_64" : "x86_64") + ".txz";
        URL resource = Binaries.class.getResource("/" + archive);
        if (resource == null) {
            throw new IllegalStateException(
                    "no " + archive + " on the class path: this platform has no embedded PostgreSQL"
                            + " in testkit/pom.xml; use a server of your own with TEST_BACKEND=external");
        }
        // From the jar's table of contents, so that a new version is another directory.
        long checksum =
                ((JarURLConnection) resource.openConnection()).getJarEntry().getCrc();
        return Cache.directory("postgres-" + Long.toHexString(checksum), directory -> {
            try (InputStream in = resource.openStream();
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(entry, tar, directory.resolve(entry.getName()));
                }
            }
        });
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, target);
            if ((entry.getMode() & OWNER_MAY_EXECUTE) != 0) {
                target.toFile().setExecutable(true, false);
            }
        }
    }

    /** The redis-server of embedded-redis, or with {@code -Dredis.server=/path/to/it} another Redis or Valkey. */
    static Path redis() throws IOException {
        String another = System.getProperty("redis.server", "");
        if (!another.isEmpty()) {
            return Path.of(another);
        }
        List<String> names = redisNames();
        Path directory = Cache.directory("redis-" + REDIS_VERSION, into -> {
            for (String name : names) {
                try (InputStream in = Binaries.class.getResourceAsStream("/" + name)) {
                    Files.copy(Objects.requireNonNull(in, name), into.resolve(name));
                    into.resolve(name).toFile().setExecutable(true, false);
                }
            }
        });
        return names.stream()
                .map(directory::resolve)
                .filter(file -> Unchecked.succeeds(new ProcessBuilder(file.toString(), "--version")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the embedded Redis does not run here (" + names + " in "
                        + directory + "): it needs OpenSSL 3 (Debian/Ubuntu: apt install libssl3; macOS: brew install"
                        + " openssl@3); or use a server of your own with TEST_BACKEND=external"));
    }

    /** Best first. The one for x86-64 needs OpenSSL 3 and a recent glibc; the 32-bit one is static and needs nothing. */
    private static List<String> redisNames() {
        if (MAC) {
            return List.of("redis-server-6.2.6-v5-darwin-" + (ARM ? "arm64" : "amd64"));
        }
        return ARM
                ? List.of("redis-server-6.2.7-linux-arm64")
                : List.of("redis-server-6.2.6-v5-linux-amd64", "redis-server-6.2.7-linux-386");
    }
}

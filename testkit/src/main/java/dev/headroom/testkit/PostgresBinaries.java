package dev.headroom.testkit;

import dev.headroom.testkit.process.Cache;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs for this machine, unpacked from the jar that zonky publishes on Maven Central. */
final class PostgresBinaries {

    private static final int OWNER_MAY_EXECUTE = 0100;

    private PostgresBinaries() {}

    static Path directory() throws IOException {
        String archive = archive(System.getProperty("os.name"), System.getProperty("os.arch"));
        URL resource = PostgresBinaries.class.getResource("/" + archive);
        if (resource == null) {
            throw new IllegalStateException(
                    "no " + archive + " on the class path: this platform has no embedded PostgreSQL"
                            + " in testkit/pom.xml; use a server of your own with TEST_BACKEND=external");
        }
        return Cache.directory("postgres-" + checksum(resource), directory -> unpack(resource, directory));
    }

    static String archive(String os, String architecture) {
        String family = os.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String processor = architecture.equals("aarch64") ? "arm_64" : "x86_64";
        return "postgres-" + family + "-" + processor + ".txz";
    }

    /** From the jar's table of contents, so that a new version is another directory. */
    private static String checksum(URL resource) throws IOException {
        if (resource.openConnection() instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        throw new IllegalStateException(resource + " does not lie in a jar");
    }

    private static void unpack(URL resource, Path directory) throws IOException {
        try (InputStream in = resource.openStream();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, directory.resolve(entry.getName()));
            }
        }
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
}

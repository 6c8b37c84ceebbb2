package dev.headroom.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of a JDK that the programs need, linked by jlink. Both programs have the same, so a node pulls it once. */
final class JavaRuntime {

    /** Modules that jdeps finds in the programs, that are loaded by name at run time, or that help to find a fault in a running pod. */
    static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management", // JVM metrics
            "java.naming", // the driver's data sources, DNS names of certificates
            "java.net.http", // the operator's way to the API server
            "java.security.jgss", // Kerberos logins of the driver
            "java.sql",
            "jdk.httpserver", // the operator's admin port
            "jdk.jcmd", // jcmd in the image: threads, heap and recordings of process 1, without a shell
            "jdk.jfr", // flight recordings
            "jdk.management", // processor time, memory of the container
            "jdk.net", // keep-alive options of sockets
            "jdk.unsupported", // sun.misc.Unsafe, which Caffeine, Jedis and others use
            "jdk.zipfs"); // catalogs inside of jars

    private JavaRuntime() {}

    /**
     * Links a runtime into a folder.
     *
     * @param jmods modules of another JDK of the same version, for another processor; without them this JDK's own
     */
    static void link(Optional<Path> jmods, Path into, Path log) throws IOException, InterruptedException {
        Files.createDirectories(into.getParent());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--strip-java-debug-attributes", // line numbers of the JDK's own frames, a sixth of the runtime
                "--no-man-pages",
                "--no-header-files",
                "--output",
                into.toString()));
        jmods.ifPresent(folder -> command.addAll(List.of("--module-path", folder.toString())));
        Commands.run(command, log);
        if (!Files.isRegularFile(into.resolve("lib/security/cacerts"))) {
            throw new IOException(
                    "the JDK has no CA certificates (lib/security/cacerts): no TLS connection would be trusted");
        }
    }

    /** A line of the file {@code release}, such as JAVA_RUNTIME_VERSION. */
    static String property(Path runtime, String name) throws IOException {
        return Files.readAllLines(runtime.resolve("release")).stream()
                .filter(line -> line.startsWith(name + "="))
                .findFirst()
                .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                .orElse("unknown");
    }
}

package dev.headroom.images;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the two programs as its image runs it.
 *
 * @param name of the image, of the jar and of the AOT cache
 * @param module the Maven module that builds it
 * @param ports that it listens on unless told otherwise
 * @param ownFlags of the JVM, beside {@link #COMMON_FLAGS}
 */
record Program(
        String name, String module, String title, String description, List<Integer> ports, List<String> ownFlags) {

    static final Program SERVICE = new Program(
            "headroom-service",
            "service",
            "Headroom service",
            "Publishes SQL as fast JSON endpoints, cached until the database changes",
            List.of(8080, 8081),
            List.of());

    static final Program OPERATOR = new Program(
            "headroom-operator",
            "operator",
            "Headroom operator",
            "Builds indexes online and sizes pools and replicas for DbPerformance resources",
            List.of(8081),
            List.of("-XX:TieredStopAtLevel=1")); // it waits for others: the second compiler costs 20 MB and earns
    // nothing

    /** The folder of the program in the image. */
    static final String HOME = "/app";

    static final String JAVA_HOME = "/opt/java";

    /** The file of the arguments, beside the jar, so that a Dockerfile needs not know them. */
    static final String ARGUMENTS = "java.args";

    static final List<String> ENTRYPOINT = List.of(JAVA_HOME + "/bin/java", "@" + HOME + "/" + ARGUMENTS);

    /**
     * How the JVM runs (docs/decisions/0045 and 0171). The training run takes the same: an AOT cache is only valid with the
     * collector and the object headers that it was made with.
     */
    static final List<String> COMMON_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:MaxRAMPercentage=60",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+ErrorFileToStderr",
            "-XX:-UsePerfData");

    String jar() {
        return name + ".jar";
    }

    String aotCache() {
        return name + ".aot";
    }

    String sbom() {
        return name + ".cdx.json";
    }

    List<String> jvmFlags() {
        List<String> flags = new ArrayList<>(COMMON_FLAGS);
        flags.addAll(ownFlags);
        return flags;
    }

    /** The JVM's arguments in the image; those of the program follow on its command line. */
    List<String> arguments(boolean withAotCache) {
        List<String> arguments = new ArrayList<>(jvmFlags());
        if (withAotCache) {
            arguments.add("-XX:AOTCache=" + HOME + "/" + aotCache());
        }
        arguments.add("-jar");
        arguments.add(HOME + "/" + jar());
        return arguments;
    }
}

package dev.headroom.testkit;

import dev.headroom.testkit.process.Leash;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Another JVM with our class path, to be killed. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static ChildJvm run(Path temporary, Class<?> program, String... arguments) throws IOException {
        return run(temporary, Map.of(), program, arguments);
    }

    /** @param environment what differs from ours */
    static ChildJvm run(Path temporary, Map<String, String> environment, Class<?> program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "-Duser.home=" + System.getProperty("user.home"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(arguments));
        // Leader of a process group, as a program started from a terminal is.
        ProcessBuilder builder = new ProcessBuilder(Leash.alone(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /** Reads its output up to the first line with this text; the answer is all of it so far, when it says no more. */
    String readUntil(String text) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            all.append(line).append('\n');
            if (line.contains(text)) {
                break;
            }
        }
        return all.toString();
    }

    String readAll() throws IOException {
        return readUntil("\0");
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Every process that it started, and that these started. */
    List<ProcessHandle> descendants() {
        try (Stream<ProcessHandle> all = process.descendants()) {
            return all.toList();
        }
    }

    /** To the whole process group, as Ctrl-C, timeout(1) and CI systems do it. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " -- -" + process.pid())
                .start()
                .waitFor();
    }

    /** A process that has ended but whose parent has not asked for its exit code has no command any more. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

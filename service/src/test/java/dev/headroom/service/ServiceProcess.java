package dev.headroom.service;

import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as a process of its own, with its own logging; what it writes goes to one file. */
final class ServiceProcess implements AutoCloseable {
    private static final Pattern PORTS =
            Pattern.compile("API at http://\\S+:(\\d+)/, health and metrics at http://\\S+:(\\d+)/");

    private final Process process;
    private final Path written;

    private ServiceProcess(Process process, Path written) {
        this.process = process;
        this.written = written;
    }

    /** @param folder where its log is written, to a file of a name of its own */
    static ServiceProcess start(Path folder, TestPostgres.Database database, String... arguments) throws IOException {
        return start(folder, database.jdbcUrl(), database.user(), database.password(), arguments);
    }

    static ServiceProcess start(Path folder, String url, String user, String password, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServiceMain.class.getName(),
                "--database.url=" + url,
                "--database.user=" + user,
                "--database.password=" + password));
        command.addAll(List.of(arguments));
        Path written = Files.createTempFile(folder, "service", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(written.toFile())
                .start();
        return new ServiceProcess(process, written);
    }

    ServiceProcess awaitServing() {
        await().atMost(Duration.ofSeconds(60)).until(() -> ports().find());
        return this;
    }

    /** Everything that it wrote so far. */
    String log() {
        try {
            return Files.readString(written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines() {
        return log().lines().toList();
    }

    int port() {
        return port(1);
    }

    int adminPort() {
        return port(2);
    }

    private int port(int group) {
        Matcher ports = ports();
        if (!ports.find()) {
            throw new IllegalStateException("it does not serve: " + log());
        }
        return Integer.parseInt(ports.group(group));
    }

    private Matcher ports() {
        return PORTS.matcher(log());
    }

    /** Tells it to stop. */
    void stop() {
        process.destroy();
    }

    /** Its exit code, once it has ended. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

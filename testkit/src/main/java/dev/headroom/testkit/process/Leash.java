package dev.headroom.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server process that cannot outlive this JVM, not even when the JVM is killed with {@code kill -9}.
 *
 * <p>A shutdown hook is not run by a SIGKILL, and a server is no child that dies with its parent. So a small shell stands
 * between: its standard input is a pipe that only we hold. The kernel closes that pipe when we are gone, whatever the
 * reason, and the shell then stops the server. {@link #close()} does nothing else than to close that pipe, so that the
 * path taken in an accident is the one taken every day.
 */
public final class Leash implements AutoCloseable {

    private static final String SCRIPT = Unchecked.io(() -> {
        try (InputStream in = Leash.class.getResourceAsStream("leash.sh")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    });

    /**
     * Runs its arguments in a session of their own. Ctrl-C, timeout(1) and CI systems send their signals to a whole process
     * group: neither the server nor who is to stop it may be in that of the JVM. There is no setsid(1) on macOS, but Perl.
     */
    private static final String ALONE = """
            command -v setsid >/dev/null && exec setsid "$@"
            exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process shell;
    private final ProcessHandle server;
    private final Path log;

    private Leash(Process shell, ProcessHandle server, Path log) {
        this.shell = shell;
        this.server = server;
        this.log = log;
    }

    /**
     * Starts {@code command}.
     *
     * @param stopSignal what {@link #close()}, or our death, sends: {@code TERM}, {@code INT}, {@code QUIT}…
     * @param removeAfter a directory removed after a {@link #close()}, or our death; null keeps everything
     * @param log where the output of the server is appended
     */
    public static Leash start(List<String> command, String stopSignal, @Nullable Path removeAfter, Path log) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "leash", stopSignal));
        line.add(removeAfter == null ? "" : removeAfter.toString());
        line.add(log.toString());
        line.addAll(command);
        return Unchecked.io(() -> {
            Process shell = new ProcessBuilder(alone(line))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new Leash(shell, server(shell, log), log);
        });
    }

    /** The same command in a session of its own, out of reach of the signals that are meant for this JVM. */
    public static List<String> alone(List<String> command) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", ALONE, "alone"));
        line.addAll(command);
        return line;
    }

    private static ProcessHandle server(Process shell, Path log) throws IOException {
        try (BufferedReader answer = shell.inputReader(StandardCharsets.US_ASCII)) {
            String pid = answer.readLine();
            if (pid == null) {
                throw new IOException("the leash did not start, see " + log);
            }
            // A server that ends at once is gone before we look; the shell then tells what became of it.
            return ProcessHandle.of(Long.parseLong(pid)).orElse(shell.toHandle());
        }
    }

    public long pid() {
        return server.pid();
    }

    /**
     * Waits until the server is ready, judged by what it has logged: whoever else listens on its port is not mistaken for it.
     *
     * @throws IllegalStateException when it ends instead
     */
    public Leash awaitReady(String name, Predicate<String> ready) {
        Await.until(name + " to be ready, see " + log, () -> {
            boolean running = shell.isAlive();
            String output = Files.exists(log) ? Unchecked.io(() -> Files.readString(log)) : "";
            if (!running) {
                String message = name + " did not start:\n" + output;
                boolean inUse = output.contains("could not bind") || output.contains("ddress already in use");
                throw inUse ? new FreePort.AddressInUse(message) : new IllegalStateException(message);
            }
            return ready.test(output);
        });
        return this;
    }

    /** Sends a signal to the server alone. */
    public void signal(String name) {
        send(name, Stream.of(server));
    }

    /** Sends a signal to the server and to every process it started. */
    public void signalAll(String name) {
        signal("STOP"); // so that it starts no more of them while we look
        send(name, Stream.concat(Stream.of(server), server.descendants()));
    }

    /** A process that has ended meanwhile is no error. */
    private static void send(String name, Stream<ProcessHandle> processes) {
        List<String> line = new ArrayList<>(List.of("kill", "-s", name));
        processes.map(ProcessHandle::pid).map(String::valueOf).forEach(line::add);
        Unchecked.succeeds(new ProcessBuilder(line));
    }

    /** Waits until the server has ended, after a {@link #signal} that ends it. */
    public void awaitEnd() {
        try {
            if (!shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "process " + pid() + " still runs " + PATIENCE + " after it was stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** With what the server ended, as a shell sees it. */
    public int status() {
        return shell.exitValue();
    }

    /** Stops the server, removes what was to be removed, and returns when that is done. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitEnd();
    }
}

package dev.headroom.testkit;

import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where {@link Laptop} keeps its data from one run to the next; one run at a time has it. */
final class LaptopFolder {

    private static final Duration A_STOP_UNDER_WAY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Held as long as this JVM lives: a channel that nobody refers to is closed by the collector, and its lock ends. */
    private static final Queue<FileLock> HELD = new ConcurrentLinkedQueue<>();

    private final Path path;

    private LaptopFolder(Path path) {
        this.path = path;
    }

    @SuppressWarnings("resource") // open until the JVM ends
    static LaptopFolder take(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        AtomicReference<@Nullable FileLock> lock = new AtomicReference<>();
        // Another run may be on its way out: the kernel lets go of its lock when it is gone.
        boolean taken = await(A_STOP_UNDER_WAY, () -> {
            lock.set(tryLock(channel));
            return lock.get() != null;
        });
        if (!taken) {
            throw new LaptopProblem("another run uses " + path
                    + ": stop that first, or give this one a folder of its own with --run.folder=… (and other ports)");
        }
        HELD.add(Objects.requireNonNull(lock.get()));
        return new LaptopFolder(path);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) {
        try {
            return channel.tryLock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    /**
     * After a {@code kill -9} of the previous run its PostgreSQL is being stopped, or, when what was to stop it was killed
     * as well, still runs; or only its pid file is left, maybe with a pid that another program has now. The folder is
     * ours, so whatever it is, it is nobody's any more.
     */
    void endServerLeftBehind() throws IOException {
        Path pidFile = path.resolve("data").resolve("postmaster.pid");
        List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
        Optional<ProcessHandle> server = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(LaptopFolder::isPostgres);
        if (server.isPresent() && !await(A_STOP_UNDER_WAY, () -> !server.get().isAlive())) {
            System.err.println("ending the PostgreSQL that an earlier run left behind in " + path);
            server.get().destroy(); // waits for connections to end: SIGTERM is its smart shutdown
            if (!await(A_STOP_UNDER_WAY, () -> !server.get().isAlive())) {
                server.get().destroyForcibly();
                await(PATIENCE, () -> !server.get().isAlive());
            }
        }
        Files.deleteIfExists(pidFile);
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(Path::of)
                .filter(p -> p.endsWith("postgres"))
                .isPresent();
    }

    /** A server that is just being stopped frees its port in a moment; any other does not. */
    static void awaitFree(String what, int port, String option) {
        if (!await(A_STOP_UNDER_WAY, () -> FreePort.isFree(port))) {
            throw new LaptopProblem("port " + port + ", where " + what
                    + " is to listen, is taken by another program: stop that, or choose another port, as in make run ARGS="
                    + option + "=" + (port + 1));
        }
    }

    private static boolean await(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}

package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.Unchecked;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where {@link Laptop} keeps its data from one run to the next; one run at a time has it. */
final class LaptopFolder {

    static final Duration A_STOP_UNDER_WAY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A lock ends when the collector closes its channel: this one is held as long as the JVM lives. */
    private static volatile @Nullable FileLock held;

    private final Path path;

    private LaptopFolder(Path path) {
        this.path = path;
    }

    @SuppressWarnings("resource") // open until the JVM ends
    static LaptopFolder take(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // Another run may be on its way out: the kernel lets go of its lock when it is gone.
        boolean taken = Await.within(A_STOP_UNDER_WAY, () -> {
            held = Unchecked.io(channel::tryLock);
            return held != null;
        });
        if (!taken) {
            throw new Laptop.Problem("another run uses " + path
                    + ": stop that first, or give this one a folder of its own with --run.folder=… (and other ports)");
        }
        return new LaptopFolder(path);
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
        if (server.isPresent()
                && !Await.within(A_STOP_UNDER_WAY, () -> !server.get().isAlive())) {
            System.err.println("ending the PostgreSQL that an earlier run left behind in " + path);
            server.get().destroy(); // waits for connections to end: SIGTERM is its smart shutdown
            if (!Await.within(A_STOP_UNDER_WAY, () -> !server.get().isAlive())) {
                server.get().destroyForcibly();
                Await.within(PATIENCE, () -> !server.get().isAlive());
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
}

package dev.headroom.testkit;

import dev.headroom.testkit.process.Cache;
import dev.headroom.testkit.process.Leash;
import dev.headroom.testkit.process.Unchecked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server on this machine, on the leash of this JVM, with its files in a folder of its own. */
abstract class LeashedServer implements TestServer {

    static final String HOST = "127.0.0.1"; // not localhost: that may be ::1 first

    final Path home;
    private final String name;
    private final boolean temporary;
    private final int port;
    private final String closeSignal;
    private @Nullable Leash leash;

    /**
     * @param temporary whether the folder goes with the server
     * @param closeSignal ends the server when it is closed, or when this JVM dies
     */
    LeashedServer(String name, Path home, boolean temporary, int port, String closeSignal) {
        this.name = name;
        this.home = home;
        this.temporary = temporary;
        this.port = port;
        this.closeSignal = closeSignal;
    }

    static Path temporaryFolder(String of) {
        return Unchecked.io(() -> Files.createTempDirectory("headroom-" + of + "-"));
    }

    /** The command line, with all files written that it names. */
    abstract List<String> command() throws IOException;

    /** Judged by what it has logged since it was started. */
    abstract boolean isReady(String output);

    final Path log() {
        return home.resolve(name.toLowerCase(Locale.ROOT) + ".log");
    }

    final Leash leash() {
        return Objects.requireNonNull(leash, "this server is closed");
    }

    @Override
    public void start() {
        leash = Unchecked.io(() -> {
            Files.deleteIfExists(log());
            return Leash.start(command(), closeSignal, temporary ? home : null, log());
        });
        try {
            leash.awaitReady(name, this::isReady);
        } catch (IllegalStateException e) {
            if (temporary) {
                Cache.delete(home);
            }
            throw e;
        }
    }

    /** Stops it in an orderly way. */
    void stop() {
        leash().signal("TERM");
        leash().awaitEnd();
    }

    @Override
    public void restart() {
        stop();
        start();
    }

    @Override
    public void kill() {
        leash().signalAll("KILL");
        leash().awaitEnd();
    }

    @Override
    public void suspend() {
        leash().signalAll("STOP");
    }

    @Override
    public void resume() {
        leash().signalAll("CONT");
    }

    @Override
    public void close() {
        if (leash != null) {
            leash.close();
            leash = null;
        }
        if (temporary) {
            Cache.delete(home); // the leash does so only for a server that was running
        }
    }

    @Override
    public String host() {
        return HOST;
    }

    @Override
    public int port() {
        return port;
    }
}

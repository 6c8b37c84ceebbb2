package dev.headroom.service.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that a server cannot be reached. While that is so, nobody waits the whole acquire timeout to learn it:
 * one background connection attempt after the other looks whether the server is back, and the first that succeeds ends
 * the outage.
 */
final class Outage implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Outage.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final String name;
    private final Connecting connecting;
    private final Runnable onBegin;
    private final Runnable onEnd;
    private volatile String told = "";
    private final AtomicReference<@Nullable Thread> watcher = new AtomicReference<>();

    Outage(String name, Connecting connecting, Runnable onBegin, Runnable onEnd) {
        this.name = name;
        this.connecting = connecting;
        this.onBegin = onBegin;
        this.onEnd = onEnd;
    }

    boolean goesOn() {
        return watcher.get() != null;
    }

    /** In the words of the server or the driver; empty until it was looked. */
    String why() {
        return told;
    }

    void begin() {
        Thread thread = Thread.ofVirtual().name("outage of " + name).unstarted(this::watch);
        if (watcher.compareAndSet(null, thread)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the {0} database cannot be reached: no request tries it until it can",
                    name);
            onBegin.run();
            thread.start();
        }
    }

    private void watch() {
        try {
            while (!reachable()) {
                Thread.sleep(PAUSE);
            }
            told = "";
            onEnd.run();
            LOG.log(System.Logger.Level.INFO, "the {0} database can be reached again", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watcher.set(null);
        }
    }

    private boolean reachable() {
        try (Connection connection = DriverManager.getConnection(connecting.url(), connecting.properties())) {
            return connection.isValid(1);
        } catch (SQLException e) {
            tell(Objects.requireNonNullElse(e.getMessage(), "") + rootOf(e));
            return false;
        }
    }

    /** In the server's or the driver's own words, which name hosts and users and no passwords; each once in a row. */
    private void tell(String why) {
        if (!why.equals(told)) {
            told = why;
            LOG.log(System.Logger.Level.WARNING, "the {0} database cannot be reached because: {1}", name, why);
        }
    }

    /** "The connection attempt failed." says nothing without its cause. */
    private static String rootOf(SQLException failure) {
        Throwable root = failure.getCause();
        if (root == null) {
            return "";
        }
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return " (" + root.getClass().getSimpleName() + ": " + root.getMessage() + ")";
    }

    @Override
    public void close() {
        Thread thread = watcher.get();
        if (thread != null) {
            thread.interrupt();
        }
    }
}

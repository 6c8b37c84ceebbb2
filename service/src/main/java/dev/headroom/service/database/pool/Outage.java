package dev.headroom.service.database.pool;

import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.profile.StatementProfile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that a server cannot be reached. While that is so, nobody waits the whole acquire timeout to learn it:
 * one background connection attempt after the other looks whether the server is back, and the first that succeeds ends
 * the outage.
 */
final class Outage implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Outage.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);

    private static final Pattern ENDS = Pattern.compile("[.?!]$");
    private static final String CONSEQUENCE = " No request tries it until it can be reached";

    private final String name;
    private final PostgresConnector connector;
    private final Runnable onBegin;
    private final Runnable onEnd;
    private volatile String reason = "nothing answers yet";
    private final AtomicReference<@Nullable Thread> watcher = new AtomicReference<>();

    Outage(String name, PostgresConnector connector, Runnable onBegin, Runnable onEnd) {
        this.name = name;
        this.connector = connector;
        this.onBegin = onBegin;
        this.onEnd = onEnd;
    }

    boolean goesOn() {
        return watcher.get() != null;
    }

    /** The reason, with what to set. */
    String why() {
        return reason;
    }

    /** @param unreachable whether nobody answers; otherwise somebody does, and refuses */
    void begin(String why, boolean unreachable) {
        Thread thread = Thread.ofVirtual().name("outage of " + name).unstarted(this::watch);
        if (watcher.compareAndSet(null, thread)) {
            reason = why;
            // At the start there are no requests yet.
            boolean ofRequests = unreachable && !StatementProfile.isStart();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "{0} database: {1}{2}",
                    name,
                    why,
                    ofRequests ? ENDS.matcher(why).find() ? CONSEQUENCE : "." + CONSEQUENCE : "");
            onBegin.run();
            thread.start();
        }
    }

    private void watch() {
        try {
            while (!reachable()) {
                Thread.sleep(PAUSE);
            }
            onEnd.run();
            LOG.log(System.Logger.Level.INFO, "the {0} database can be reached again", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watcher.set(null);
        }
    }

    private boolean reachable() {
        try (Connection connection = connector.open()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            if (!Thread.currentThread().isInterrupted()) { // by close, which is no reason of the server's
                tell(connector.refusal(e));
            }
            return false;
        }
    }

    /** Each once in a row. */
    private void tell(String why) {
        if (!why.equals(reason)) {
            reason = why;
            LOG.log(System.Logger.Level.WARNING, "{0} database, not reached yet: {1}", name, why);
        }
    }

    @Override
    public void close() {
        Thread thread = watcher.get();
        if (thread != null) {
            thread.interrupt();
        }
    }
}

package dev.headroom.service.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A statement on its way; from any thread it can be called off. */
final class RunningStatement {

    private static final System.Logger LOG = System.getLogger(RunningStatement.class.getName());

    private final String name;
    private final List<Param> params;
    private final Statement statement;
    private final long waitedNanos;
    private final long beganNanos = System.nanoTime();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    RunningStatement(String name, List<Param> params, Statement statement, long waitedNanos) {
        this.name = name;
        this.params = params;
        this.statement = statement;
        this.waitedNanos = waitedNanos;
    }

    String name() {
        return name;
    }

    List<Param> params() {
        return params;
    }

    long waitedNanos() {
        return waitedNanos;
    }

    long ranNanos() {
        return System.nanoTime() - beganNanos;
    }

    boolean cancelled() {
        return cancelled.get();
    }

    /** Asks the server to stop. */
    void cancel() {
        if (cancelled.compareAndSet(false, true)) {
            aside("cancel", statement::cancel);
        }
    }

    private interface Deed {
        void run() throws SQLException;
    }

    /** Cancelling opens a connection of its own and may take a while: not on the caller's thread. */
    private void aside(String what, Deed deed) {
        Thread.ofVirtual().name(what + " " + name).start(() -> {
            try {
                deed.run();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, what + " statement " + name, e);
            }
        });
    }
}

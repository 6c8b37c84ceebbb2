package dev.headroom.service.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;

/** A statement on its way; from any thread it can be called off. */
final class RunningStatement {

    private static final System.Logger LOG = System.getLogger(RunningStatement.class.getName());

    private final String name;
    private final Statement statement;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    RunningStatement(String name, Statement statement) {
        this.name = name;
        this.statement = statement;
    }

    /** Asks the server to stop. This opens a connection of its own, so it is done on another thread. */
    void cancel() {
        if (cancelled.compareAndSet(false, true)) {
            Thread.ofVirtual().name("cancel " + name).start(() -> {
                try {
                    statement.cancel();
                } catch (SQLException e) {
                    LOG.log(System.Logger.Level.DEBUG, "cancelling statement " + name, e);
                }
            });
        }
    }

    boolean cancelled() {
        return cancelled.get();
    }
}

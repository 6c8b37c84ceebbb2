package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Session;
import dev.headroom.operator.index.look.Sql;
import dev.headroom.operator.index.plan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Runs the statements of one step on the work session, within their limits. */
final class Performer {
    private static final int SHORT_TRIES = 20;
    private static final Duration SHORT_STATEMENT = Duration.ofSeconds(5);
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);
    private static final Duration CANCEL_INTERVAL = Duration.ofMillis(200);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final DatabaseAccess database;
    private final WorkSession session;
    private final Limits limits;
    private final Stop stop;
    private final Consumer<BuildProgress> progress;

    Performer(
            DatabaseAccess database, WorkSession session, Limits limits, Stop stop, Consumer<BuildProgress> progress) {
        this.database = database;
        this.session = session;
        this.limits = limits;
        this.stop = stop;
        this.progress = progress;
    }

    void perform(Step step) throws SQLException, InterruptedException {
        if (step instanceof Step.Cancel cancel) {
            endBuild(cancel, session.connection());
        } else if (step.concurrent()) {
            concurrently(step, session.connection());
        } else {
            inShortTransaction(step, session.connection());
        }
    }

    private void concurrently(Step step, Connection connection) throws SQLException {
        Session.forWork(connection, step.table().schema(), limits.lock(), limits.statement(), limits.settings());
        Watchdog watchdog = new Watchdog(database, session.backend(), step.table(), limits, stop, progress, session);
        try (watchdog) {
            Sql.run(connection, step.sql().getFirst());
        } catch (SQLException e) {
            throw watchdog.explained(e);
        }
    }

    /** Cancels whoever builds it and waits for the end; a session that does not end its statement is ended. */
    private void endBuild(Step.Cancel cancel, Connection connection) throws SQLException, InterruptedException {
        Session.forLooking(connection);
        long index = cancel.index().oid();
        Instant start = Instant.now();
        for (List<Backend> builders = Backend.building(connection, index);
                !builders.isEmpty() && Instant.now().isBefore(start.plus(CANCEL_PATIENCE.multipliedBy(2)));
                builders = Backend.building(connection, index)) {
            boolean patient = Instant.now().isBefore(start.plus(CANCEL_PATIENCE));
            for (Backend builder : builders) {
                if (patient) {
                    builder.cancel(connection);
                } else {
                    builder.terminate(connection);
                }
            }
            if (stop.pause(CANCEL_INTERVAL)) {
                throw new SQLException("stopped", "57014");
            }
        }
    }

    /**
     * These wait for a lock that writers queue up behind, so they wait only for moments, and leave time between two tries
     * for whoever queued.
     */
    private void inShortTransaction(Step step, Connection connection) throws SQLException, InterruptedException {
        Session.forWork(connection, step.table().schema(), limits.shortLock(), SHORT_STATEMENT, List.of());
        for (int tries = 1; ; tries++) {
            try {
                transaction(step, connection);
                return;
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || tries == SHORT_TRIES) {
                    throw e;
                }
            }
            if (stop.pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(700, 1500)))) {
                throw new SQLException("stopped", "57014");
            }
        }
    }

    private static void transaction(Step step, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (String sql : step.sql()) {
                Sql.run(connection, sql);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}

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

/** Runs the statements of one step on a session, within their limits. */
final class Performer {
    private static final int SHORT_TRIES = 20;
    private static final Duration SHORT_STATEMENT = Duration.ofSeconds(5);
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);
    private static final Duration CANCEL_INTERVAL = Duration.ofMillis(200);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final DatabaseAccess database;
    private final WorkSessions sessions;
    private final Limits limits;
    private final Stop stop;
    private final Consumer<BuildProgress> progress;

    Performer(
            DatabaseAccess database,
            WorkSessions sessions,
            Limits limits,
            Stop stop,
            Consumer<BuildProgress> progress) {
        this.database = database;
        this.sessions = sessions;
        this.limits = limits;
        this.stop = stop;
        this.progress = progress;
    }

    /** {@code session} is one of our sessions. */
    void perform(Step step, Connection session) throws SQLException, InterruptedException {
        if (step instanceof Step.Cancel cancel) {
            endBuild(cancel, session);
        } else if (step.concurrent()) {
            concurrently(step, session);
        } else {
            inShortTransaction(step, session);
        }
    }

    private void concurrently(Step step, Connection session) throws SQLException {
        Session.forWork(session, step.table().schema(), limits.lock(), limits.statement());
        for (String setting : limits.settings()) {
            Sql.run(session, setting);
        }
        Backend self = Backend.of(session);
        Watchdog watchdog = new Watchdog(database, self, step.table(), limits, stop, progress, sessions);
        try (watchdog) {
            Sql.run(session, step.sql().getFirst());
        } catch (SQLException e) {
            throw watchdog.explained(e);
        }
    }

    /** Cancels whoever builds it and waits for the end; a session that does not end its statement is ended. */
    private void endBuild(Step.Cancel cancel, Connection session) throws SQLException, InterruptedException {
        Session.forLooking(session);
        long index = cancel.index().oid();
        Instant start = Instant.now();
        for (List<Backend> builders = Backend.building(session, index);
                !builders.isEmpty() && Instant.now().isBefore(start.plus(CANCEL_PATIENCE.multipliedBy(2)));
                builders = Backend.building(session, index)) {
            boolean patient = Instant.now().isBefore(start.plus(CANCEL_PATIENCE));
            for (Backend builder : builders) {
                if (patient) {
                    builder.cancel(session);
                } else {
                    builder.terminate(session);
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
    private void inShortTransaction(Step step, Connection session) throws SQLException, InterruptedException {
        Session.forWork(session, step.table().schema(), limits.shortLock(), SHORT_STATEMENT);
        for (int tries = 1; ; tries++) {
            try {
                transaction(step, session);
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

    private static void transaction(Step step, Connection session) throws SQLException {
        session.setAutoCommit(false);
        try {
            for (String sql : step.sql()) {
                Sql.run(session, sql);
            }
            session.commit();
        } catch (SQLException e) {
            session.rollback();
            throw e;
        } finally {
            session.setAutoCommit(true);
        }
    }
}

package dev.headroom.operator.index.build;

import static java.util.stream.Collectors.joining;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.operator.crd.IndexesSpec.BuildSpec;
import dev.headroom.operator.index.build.ControlSession.WorkSession;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.Observer.Observation;
import dev.headroom.operator.index.look.Preflight;
import dev.headroom.operator.index.look.Preflight.Blocker;
import dev.headroom.operator.index.look.Session;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings one index to its end: look, decide, do one step, look again. What it does next never depends on what it did before,
 * only on what is there. Each step is decided and done under the lock of the table that it changes and of the table that the
 * index is declared on, which differ for a partition.
 */
final class IndexTask {
    private static final int SHORT_TRIES = 20;
    private static final Duration SHORT_STATEMENT = Duration.ofSeconds(5);
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);
    private static final Duration CANCEL_INTERVAL = Duration.ofMillis(200);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Supplier<IndexWork.Order> order;
    private final ControlSession sessions;
    private final Connection control;
    private final Attempts attempts;
    private final Limits limits;
    private final Stop stop;
    private final Consumer<BuildProgress> progress;
    private Observer asked;
    private Observation seen;
    private Entry current;
    private volatile @Nullable Name building;

    /** The task for what {@code seen} led to. The order may change while it runs. */
    IndexTask(
            Supplier<IndexWork.Order> order,
            ControlSession sessions,
            Limits limits,
            Stop stop,
            Consumer<BuildProgress> progress,
            Entry entry,
            Observation seen) {
        this.order = order;
        this.sessions = sessions;
        this.control = sessions.connection();
        this.attempts = order.get().attempts();
        this.asked = order.get().observer();
        this.limits = limits;
        this.stop = stop;
        this.progress = progress;
        this.seen = seen;
        this.current = entry;
    }

    /** Whether the statement under way builds the index that has this name until it is valid. */
    boolean isBuilding(Name index) {
        return index.equals(building);
    }

    Outcome run() throws InterruptedException {
        Outcome outcome = tried(current);
        attempts.note(current, seen.state(), outcome);
        return outcome;
    }

    private Outcome tried(Entry entry) throws InterruptedException {
        Step first = entry.step().orElseThrow();
        try (TableLocks locks = new TableLocks(control)) {
            if (!locks.tryTake(first.tables())) {
                return new Outcome.Blocked(anotherHeadroom(first));
            }
            Optional<Step> next = next(locks);
            if (next.isPresent() && carryOut(next.get(), locks)) {
                IndexWork.Order now = order.get();
                now.history().add(now.database(), first.table().schema(), description(entry, next.get()), now.clock());
            }
            return new Outcome.Done();
        } catch (Obstructed e) {
            return new Outcome.Blocked(String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            return stop.isAsked() ? new Outcome.Stopped() : Outcome.Failed.of(e);
        }
    }

    /** Returns false when it was stopped before its end. */
    private boolean carryOut(Step first, TableLocks locks) throws SQLException, InterruptedException {
        Optional<Step> next = Optional.of(first);
        while (next.isPresent() && !stop.isAsked()) {
            Step step = next.get();
            building = step instanceof Step.Build build ? new Name(build.table().schema(), build.as()) : null;
            try {
                perform(step);
            } catch (SQLException e) {
                if (Outcome.isConnectionLost(e)) {
                    sessions.abortIfSilent();
                }
                throw e;
            } finally {
                building = null;
            }
            attempts.succeeded(current);
            next = next(locks);
            if (next.isPresent() && next.get().sql().equals(step.sql())) {
                throw ineffective(step);
            }
        }
        return next.isEmpty();
    }

    /** What a look under the locks says is to be done now, if nothing is in its way. */
    private Optional<Step> next(TableLocks locks) throws SQLException {
        while (true) {
            Optional<Step> step = decide(locks.held());
            if (step.isEmpty() || locks.have(step.get().tables())) {
                if (step.isPresent()) {
                    beforehand(step.get());
                }
                return step;
            }
            if (!locks.tryTake(step.get().tables())) {
                throw new Obstructed(anotherHeadroom(step.get()));
            }
        }
    }

    /** On new sight of the tables whose locks we hold, or of everything when something else is wanted than before. */
    private Optional<Step> decide(Set<Name> tables) throws SQLException {
        Observer now = order.get().observer();
        Optional<Entry> found;
        if (now.wantsTheSameAs(asked)) {
            found = now.again(control, seen, current, tables);
        } else {
            asked = now;
            seen = now.observe(control);
            found = seen.plan().entry(current.key());
        }
        Optional<Entry> entry = found.filter(
                        each -> each.step().filter(this::allowed).isPresent())
                .filter(each -> attempts.isDue(each, seen.state()));
        entry.ifPresent(each -> current = each);
        return entry.flatMap(Entry::step);
    }

    private boolean allowed(Step step) {
        return !limits.removalOnly() || step instanceof Step.Drop;
    }

    private void beforehand(Step step) throws SQLException {
        if (!step.concurrent()) {
            return;
        }
        List<Blocker> blockers = step instanceof Step.Drop
                ? Preflight.beforeDrop(control, step.table(), limits.lock())
                : Preflight.beforeBuild(control, step.table(), limits.lock());
        if (!blockers.isEmpty()) {
            throw new Obstructed(text(blockers));
        }
    }

    /** Done, and yet the next look wants it done again: it is tried later, since something holds it up. */
    private Obstructed ineffective(Step step) throws SQLException {
        List<Blocker> blockers = Preflight.beforeDrop(control, step.table(), limits.lock());
        return new Obstructed(
                blockers.isEmpty()
                        ? "something on " + step.table() + " that kept this from having an effect: "
                                + step.sql().getFirst()
                        : text(blockers));
    }

    private void perform(Step step) throws SQLException, InterruptedException {
        if (step instanceof Step.Cancel cancel) {
            endBuild(cancel, sessions.work().connection());
        } else if (step.concurrent()) {
            concurrently(step, sessions.work().connection());
        } else {
            inShortTransaction(step, sessions.work().connection());
        }
    }

    private void concurrently(Step step, Connection connection) throws SQLException {
        Session.forWork(connection, step.table().schema(), limits.lock(), limits.statement(), limits.settings());
        WorkSession work = sessions.work();
        Watchdog watchdog =
                new Watchdog(order.get().database(), work.backend(), step.table(), limits, stop, progress, work);
        try (watchdog) {
            Rows.run(connection, step.sql().getFirst());
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
                Rows.run(connection, sql);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static String anotherHeadroom(Step step) {
        return "another Headroom, which is at work on "
                + step.tables().stream().map(Name::toString).collect(joining(" or "));
    }

    private static String text(List<Blocker> blockers) {
        return blockers.stream().map(Blocker::text).distinct().collect(joining("; "));
    }

    private static String description(Entry entry, Step first) {
        Name table = first.table();
        String verb = switch (first) {
            case Step.Drop drop -> "drop";
            case Step.Claim claim -> "claim";
            case Step.HandOver handOver -> "hand over";
            case Step.Cancel cancel -> "cancel";
            default -> "build";
        };
        return verb + " " + entry.name() + " on " + table;
    }

    /** Something turned up that has to end first. */
    private static final class Obstructed extends SQLException {
        private static final long serialVersionUID = 1L;

        Obstructed(String by) {
            super(by);
        }
    }

    /**
     * What one statement may take, of time and of the server.
     *
     * @param unreachable for how long nothing has to answer at the server's address until its sessions are taken for lost
     */
    record Limits(Duration lock, Duration statement, Duration unreachable, List<String> settings, boolean removalOnly) {
        /**
         * For statements that keep writers waiting while they wait themselves (attaching a partition, dropping a partitioned
         * index): well below the second that a writer may wait because of us.
         */
        private static final Duration SHORT_LOCK = Duration.ofMillis(400);

        private static final Duration UNREACHABLE = Duration.ofMinutes(2);

        static Limits of(BuildSpec spec) {
            List<String> settings = new ArrayList<>();
            Long memory = spec.maintenanceWorkMemKilobytes();
            if (memory != null) {
                settings.add("SET maintenance_work_mem = " + memory);
            }
            if (spec.parallelWorkers() != null) {
                settings.add("SET max_parallel_maintenance_workers = " + spec.parallelWorkers());
            }
            return new Limits(spec.lockLimit(), spec.buildLimit(), UNREACHABLE, settings, false);
        }

        /** For removing what was left over while somebody waits for us to end; nothing is begun any more. */
        static Limits inAHurry() {
            return new Limits(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(4), List.of(), true);
        }

        Duration shortLock() {
            return lock.compareTo(SHORT_LOCK) < 0 ? lock : SHORT_LOCK;
        }
    }
}

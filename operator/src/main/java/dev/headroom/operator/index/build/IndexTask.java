package dev.headroom.operator.index.build;

import static java.util.stream.Collectors.joining;

import dev.headroom.insight.Name;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.Blocker;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Observation;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.Preflight;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings one index to its end: look, decide, do one step, look again. What it does next never depends on what it did before,
 * only on what is there. Each step is decided and done under the lock of the table that it changes and of the table that the
 * index is declared on, which differ for a partition.
 */
final class IndexTask {
    private final DatabaseAccess database;
    private final ControlSession sessions;
    private final Connection control;
    private final WorkSession work;
    private final Supplier<Observer> observer;
    private final Attempts attempts;
    private final Clock clock;
    private final History history;
    private final Limits limits;
    private final Stop stop;
    private final Consumer<BuildProgress> progress;
    private Observer asked;
    private Observation seen;
    private Entry current;
    private volatile @Nullable Name building;

    /**
     * {@code entry} is what {@code seen} led to. All looking is done from the control session, which
     * holds the locks.
     */
    IndexTask(
            Supplier<IndexWork.Order> order,
            ControlSession sessions,
            Limits limits,
            Stop stop,
            Consumer<BuildProgress> progress,
            Entry entry,
            Observation seen) {
        this.sessions = sessions;
        this.control = sessions.connection();
        this.work = sessions.work();
        this.database = order.get().database();
        this.observer = () -> order.get().observer();
        this.asked = order.get().observer();
        this.seen = seen;
        this.attempts = order.get().attempts();
        this.clock = order.get().clock();
        this.history = order.get().history();
        this.limits = limits;
        this.stop = stop;
        this.progress = progress;
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
            if (next.isPresent()) {
                if (carryOut(next.get(), locks)) {
                    history.add(database, first.table().schema(), description(entry, next.get()), clock);
                }
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
        Performer performer = new Performer(database, work, limits, stop, progress);
        Optional<Step> next = Optional.of(first);
        while (next.isPresent() && !stop.isAsked()) {
            Step step = next.get();
            building = step instanceof Step.Build build ? new Name(build.table().schema(), build.as()) : null;
            try {
                performer.perform(step);
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
        Observer now = observer.get();
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
}

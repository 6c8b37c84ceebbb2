package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.Blocker;
import dev.headroom.operator.index.look.Preflight;
import dev.headroom.operator.index.look.Survey;
import dev.headroom.operator.index.look.Surveyor;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Step;
import dev.headroom.operator.index.plan.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one index to its end, under the lock of its table: look, decide, do one step, look again. What it does next
 * never depends on what it did before, only on what is there.
 */
final class Job {
    private final DatabaseAccess database;
    private final Connection desk;
    private final Surveyor surveyor;
    private final Attempts attempts;
    private final Clock clock;
    private final Limits limits;
    private final Stop stop;
    private final Performer performer;
    private Task current;
    private @Nullable Survey seen;

    /**
     * {@code entry} is what the look that led here, at {@code world}, decided. All looking is done from {@code desk}, and
     * it holds the lock; the statements have a session of their own.
     */
    Job(
            IndexWork.Order order,
            Connection desk,
            Limits limits,
            Stop stop,
            Performer performer,
            Entry entry,
            World world) {
        this.desk = desk;
        this.database = order.database();
        this.surveyor = order.surveyor();
        this.attempts = order.attempts();
        this.clock = order.clock();
        this.limits = limits;
        this.stop = stop;
        this.performer = performer;
        this.current = new Task(entry, world);
    }

    /** What is being tried, in the world in which it was decided. */
    private record Task(Entry entry, World world) {}

    Optional<Survey> seen() {
        return Optional.ofNullable(seen);
    }

    Outcome run() throws InterruptedException {
        Outcome outcome = tried(current.entry());
        attempts.note(current.entry(), current.world(), outcome);
        return outcome;
    }

    private Outcome tried(Entry entry) throws InterruptedException {
        Step first = entry.step().orElseThrow();
        try {
            Optional<TableLock> free = TableLock.tryTake(desk, first.table());
            if (free.isEmpty()) {
                return new Outcome.Blocked("another Headroom, which is at work on " + first.table());
            }
            try (TableLock _ = free.get()) {
                Optional<Step> next = next();
                if (next.isPresent()) {
                    History history = new History(database.dataSource("build"), clock);
                    String what = description(entry, next.get());
                    history.run(first.table().schema(), what, work -> steps(next.get(), work), desk);
                }
            }
            return new Outcome.Done();
        } catch (Obstructed e) {
            return new Outcome.Blocked(String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            return stop.isAsked() ? new Outcome.Stopped() : Failures.of(e);
        }
    }

    private void steps(Step first, Connection work) throws SQLException, InterruptedException {
        Optional<Step> next = Optional.of(first);
        while (next.isPresent() && !stop.isAsked()) {
            seen = null;
            performer.perform(next.get(), work);
            attempts.succeeded(current.entry());
            next = next();
        }
    }

    /** What a look under the lock says is to be done now, if nothing is in its way. */
    private Optional<Step> next() throws SQLException {
        Survey now = surveyor.survey(desk);
        seen = now;
        Optional<Entry> entry = now.plan()
                .entry(current.entry().name(), current.entry().table())
                .filter(each -> each.step().filter(this::allowed).isPresent())
                .filter(each -> attempts.isDue(each, now.world()));
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        current = new Task(entry.get(), now.world());
        Step step = entry.get().step().orElseThrow();
        beforehand(step);
        return Optional.of(step);
    }

    private boolean allowed(Step step) {
        return !limits.removalOnly() || step instanceof Step.Drop;
    }

    private void beforehand(Step step) throws SQLException {
        if (!step.concurrent()) {
            return;
        }
        List<Blocker> blockers = step instanceof Step.Drop
                ? Preflight.beforeDrop(desk, step.table(), limits.lock())
                : Preflight.beforeBuild(desk, step.table(), limits.lock());
        if (!blockers.isEmpty()) {
            throw new Obstructed(blockers);
        }
    }

    private static String description(Entry entry, Step first) {
        Name table = first.table();
        String verb = switch (first) {
            case Step.Drop drop -> "drop";
            case Step.Claim claim -> "claim";
            case Step.Cancel cancel -> "cancel";
            default -> "build";
        };
        return verb + " " + entry.name() + " on " + table;
    }

    /** Something turned up that has to end first. */
    private static final class Obstructed extends SQLException {
        private static final long serialVersionUID = 1L;

        Obstructed(List<Blocker> blockers) {
            super(String.join(
                    "; ", blockers.stream().map(Blocker::text).distinct().toList()));
        }
    }
}

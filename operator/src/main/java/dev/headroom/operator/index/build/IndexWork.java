package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexesSpec.BuildSpec;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.build.IndexTask.Limits;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.Observer.Observation;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Step;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The work for one resource, on a thread of its own: whatever its plan has to do and is due, one after the other, until
 * nothing is. It decides nothing; each step comes from a fresh look.
 */
public final class IndexWork {
    private static final System.Logger LOG = System.getLogger(IndexWork.class.getName());

    private static final Duration SHOWN_EVERY = Duration.ofSeconds(3);

    private volatile Order order;
    private final Stop stop = new Stop();
    private final Thread thread;
    private volatile @Nullable Live live;
    private volatile boolean waiting;
    private volatile @Nullable Running running;
    private Instant shownAt;

    /**
     * What is to be worked on, and with what.
     *
     * @param seen what led to it; its state becomes the work's own
     * @param cleanup whether its resource is being deleted: it only drops, and does not wait for its turn
     * @param mayAct asked before each step: a lease may be lost in the middle of a build
     * @param moved called when a look would find something new
     */
    public record Order(
            DatabaseAccess database,
            Observer observer,
            Observation seen,
            boolean cleanup,
            BuildSpec build,
            Attempts attempts,
            WorkQueue queue,
            History history,
            Clock clock,
            WorkObserver listener,
            BooleanSupplier mayAct,
            Runnable moved) {}

    /** What is being worked on; {@code index} is its key. */
    public record Live(
            String index, boolean dropping, @Nullable BuildProgress progress) {}

    /** A try at one index, and the way to stop it alone. */
    private record Running(IndexTask task, Stop stop) {}

    private IndexWork(Order order) {
        this.order = order;
        this.shownAt = order.clock().instant();
        this.thread = Thread.ofVirtual()
                .name("indexes of " + order.database().spec().identity())
                .unstarted(this::run);
    }

    public static IndexWork start(Order order) {
        IndexWork work = new IndexWork(order);
        work.thread.start();
        return work;
    }

    public Optional<Live> live() {
        return Optional.ofNullable(live);
    }

    public boolean isRunning() {
        return thread.isAlive();
    }

    /** Whether it waits for its turn on the database, while nothing that it is to do can change. */
    public boolean isWaiting() {
        return waiting;
    }

    public boolean isCleanup() {
        return order.cleanup();
    }

    public boolean isOn(DatabaseAccess database) {
        return order.database().spec().identity().equals(database.spec().identity());
    }

    /** From its next look on: a changed declaration or password reaches work that is under way. */
    public void goOnWith(Order changed) {
        order = changed;
    }

    /** Cancels the build of this index if that is what is under way, and goes on with what there is to do. */
    public void abandon(Name index) {
        Running now = running;
        if (now != null && now.task().isBuilding(index)) {
            now.stop().ask();
        }
    }

    /** Cancels what is under way and removes what it leaves behind. Returns at once. */
    public void cancel() {
        stop.ask();
    }

    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return thread.join(patience);
    }

    private void run() {
        try {
            if (order.cleanup()) {
                outOfTurn();
            } else {
                inTurn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "the work on {0} pauses: {1}",
                    order.database().spec().identity(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the work on " + order.database().spec().identity() + " broke off",
                    e);
        } finally {
            live = null;
            String database = order.database().spec().identity();
            order.history().write(!order.queue().isBusy(database), order.clock());
            order.moved().run();
        }
    }

    private void inTurn() throws SQLException, InterruptedException {
        waiting = true;
        Optional<WorkQueue.Turn> turn =
                order.queue().take(order.database().spec().identity(), stop);
        waiting = false;
        if (turn.isPresent()) {
            try (WorkQueue.Turn mine = turn.get()) {
                ControlSession sessions = mine.sessions(order.database());
                work(sessions);
                mine.giveBack(sessions);
            }
        }
    }

    private void outOfTurn() throws SQLException, InterruptedException {
        try (ControlSession sessions = ControlSession.open(order.database())) {
            work(sessions);
        }
    }

    private void work(ControlSession sessions) throws SQLException, InterruptedException {
        boolean done = false;
        try {
            rounds(sessions);
            if (stop.isAsked()) {
                tidyUp(sessions);
            }
            if (!sessions.isAlive()) {
                throw lost();
            }
            done = true;
        } catch (SQLException e) {
            sessions.endOnTheServer();
            throw e;
        } finally {
            if (!done) {
                sessions.close();
            }
        }
    }

    /** One round over what is due. What that makes possible is found by the next look, except when nobody looks any more. */
    private void rounds(ControlSession sessions) throws SQLException, InterruptedException {
        Order now = order;
        Observation seen = now.seen();
        while (!stop.isAsked()) {
            boolean tried = round(sessions, now, seen);
            if (!now.equals(order)) {
                now = order;
                seen = now.seen();
            } else if (tried && now.cleanup()) {
                seen = now.observer().observe(sessions.connection());
            } else {
                return;
            }
        }
    }

    private static SQLException lost() {
        return new SQLException("the session that held the locks was lost", "08006");
    }

    private boolean round(ControlSession sessions, Order now, Observation seen)
            throws SQLException, InterruptedException {
        now.attempts().keepOnly(seen.plan().entries());
        List<Entry> due = seen.plan().entries().stream()
                .filter(entry -> entry.step().isPresent() && now.attempts().isDue(entry, seen.state()))
                .toList();
        for (Entry entry : due) {
            if (stop.isAsked()
                    || !now.mayAct().getAsBoolean()
                    || !now.observer().wantsTheSameAs(order.observer())) {
                break;
            }
            try (Stop part = stop.part()) {
                perform(sessions, entry, seen, Limits.of(now.build()), part);
            }
            now.history().write(false, now.clock());
        }
        return !due.isEmpty();
    }

    private void perform(ControlSession sessions, Entry entry, Observation seen, Limits limits, Stop until)
            throws SQLException, InterruptedException {
        boolean dropping = entry.step().filter(Step.Drop.class::isInstance).isPresent();
        show(entry.key(), dropping, null);
        WorkObserver listener = order.listener();
        listener.began(dropping);
        long start = System.nanoTime();
        try {
            IndexTask task = new IndexTask(
                    () -> order,
                    sessions,
                    limits,
                    until,
                    progress -> show(entry.key(), dropping, progress),
                    entry,
                    seen);
            running = new Running(task, until);
            Outcome outcome = task.run();
            listener.ended(dropping, outcome, Duration.ofNanos(System.nanoTime() - start));
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", entry.name(), outcome);
            if (sessions.connection().isClosed()) {
                throw lost();
            }
        } finally {
            running = null;
            live = null;
        }
    }

    /** For each look that asks; a look is asked for only now and then, since each may end in a write of the status. */
    private void show(String index, boolean dropping, @Nullable BuildProgress progress) {
        live = new Live(index, dropping, progress);
        Instant now = order.clock().instant();
        if (now.isAfter(shownAt.plus(SHOWN_EVERY))) {
            shownAt = now;
            order.moved().run();
        }
    }

    /** We were stopped: one try, in a hurry, at removing the INVALID index of the build that we broke off. */
    private void tidyUp(ControlSession sessions) throws SQLException, InterruptedException {
        Observation seen = order.observer().observe(sessions.connection());
        for (Entry entry : seen.plan().entries()) {
            boolean leftover = entry.step()
                    .filter(step -> step instanceof Step.Drop drop
                            && !drop.index().state().usable())
                    .isPresent();
            if (leftover) {
                perform(sessions, entry, seen, Limits.inAHurry(), new Stop());
            }
        }
    }

    /** Is told of each try at an index, as it begins and as it ends; the program counts them. */
    public interface WorkObserver {

        /** Counts nothing. */
        WorkObserver NONE = new WorkObserver() {
            @Override
            public void began(boolean dropping) {}

            @Override
            public void ended(boolean dropping, Outcome outcome, Duration took) {}
        };

        void began(boolean dropping);

        void ended(boolean dropping, Outcome outcome, Duration took);
    }
}

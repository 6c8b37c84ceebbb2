package dev.headroom.service.http.front;

import dev.headroom.service.logging.LineBudget;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A thread that waits for many sockets, and for nothing else. */
final class Loop implements Runnable {
    private static final System.Logger LOG = System.getLogger(Loop.class.getName());
    private static final long LOOK_AFTER = TimeUnit.SECONDS.toNanos(1);
    /** Stacks in ten seconds: what fails may fail for every connection. */
    private static final int FAULTS_TOLD = 5;

    /** Whatever has a socket here. All of it is called on the loop's thread. */
    interface Watched {
        /** Its socket can do something that it waited for. */
        void ready() throws IOException;

        /** Once a second or so. */
        void tick();

        /** What it did failed. */
        void failed();
    }

    private final Thread thread;
    private final Selector selector = Selector.open();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final LineBudget budget = new LineBudget(
            FAULTS_TOLD,
            more -> LOG.log(
                    System.Logger.Level.ERROR,
                    "{0} more faults of the port were not written in the last {1} s",
                    Long.toString(more),
                    LineBudget.SECONDS));
    private volatile boolean stopped;
    private long now = System.nanoTime();
    private long lookedAt = now;

    Loop(String name) throws IOException {
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Instead of starting it. */
    void discard() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "closing a selector", e);
        }
    }

    /** When the loop was last woken; for its thread. */
    long now() {
        return now;
    }

    /** Has this done on the loop's thread. */
    void errand(Runnable what) {
        errands.add(what);
        selector.wakeup();
    }

    /** Before it is started, or on its thread: it looks for new ones only when it looks again. */
    SelectionKey register(SelectableChannel channel, int interest, Watched watched) throws IOException {
        return channel.register(selector, interest, watched);
    }

    @Override
    public void run() {
        try (selector) {
            while (!stopped) {
                guardedTurn();
            }
        } catch (IOException | ClosedSelectorException broken) {
            aside(() -> LOG.log(System.Logger.Level.ERROR, "the port cannot be read any more", broken));
        }
        runErrands();
        aside(budget::close);
    }

    /** Memory that is short for one connection is there for the others a moment later. */
    private void guardedTurn() throws IOException {
        try {
            turn();
        } catch (ClosedSelectorException broken) {
            throw broken;
        } catch (RuntimeException | Error fault) {
            tell("a turn failed", fault);
        }
    }

    private void turn() throws IOException {
        selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(LOOK_AFTER));
        now = System.nanoTime();
        runErrands();
        if (now - lookedAt > LOOK_AFTER) {
            lookedAt = now;
            for (SelectionKey key : selector.keys()) {
                guarded((Watched) key.attachment(), Watched::tick);
            }
        }
    }

    private void runErrands() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            try {
                errand.run();
            } catch (RuntimeException | Error fault) {
                tell("an errand failed", fault);
            }
        }
    }

    private void ready(SelectionKey key) {
        now = System.nanoTime();
        guarded((Watched) key.attachment(), Watched::ready);
    }

    private interface Step {
        void of(Watched watched) throws IOException;
    }

    /** One connection's failure is not that of the others. */
    private void guarded(Watched watched, Step step) {
        try {
            step.of(watched);
        } catch (IOException | CancelledKeyException gone) {
            watched.failed();
        } catch (RuntimeException | Error fault) {
            tell("a connection failed", fault);
            watched.failed();
        }
    }

    private void tell(String what, Throwable fault) {
        try {
            if (budget.spend()) {
                aside(() -> LOG.log(System.Logger.Level.ERROR, what, fault));
            }
        } catch (RuntimeException | Error unsaid) {
            fault.addSuppressed(unsaid); // of memory, mostly; the port is worth more than its line
        }
    }

    /** Has a line written by a thread that may wait for the log: where that is stuck, the port goes on. */
    static void aside(Runnable line) {
        Thread.startVirtualThread(line);
    }

    /** After the errands that it was sent on before. */
    void stop() {
        stopped = true;
        selector.wakeup();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.headroom.service.database.pool;

import java.time.Duration;

/** Runs a check at a fixed interval on a virtual thread of its own until it is closed. */
final class PeriodicCheck implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PeriodicCheck.class.getName());

    private final Thread thread;

    private PeriodicCheck(Thread thread) {
        this.thread = thread;
    }

    /** The first check comes after the pause. A check that fails is logged, and the next one runs all the same. */
    static PeriodicCheck every(Duration pause, String name, Runnable check) {
        return new PeriodicCheck(Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.sleep(pause);
                    run(check, name);
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static void run(Runnable check, String name) {
        try {
            check.run();
        } catch (RuntimeException | Error fault) {
            try {
                LOG.log(System.Logger.Level.ERROR, "the look after " + name + " failed and is taken again", fault);
            } catch (Error unlogged) {
                // No memory to log it. The next check may have some.
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

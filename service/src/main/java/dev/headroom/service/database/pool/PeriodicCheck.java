package dev.headroom.service.database.pool;

import java.time.Duration;

/** Runs a check at a fixed interval on a virtual thread of its own until it is closed. */
final class PeriodicCheck implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PeriodicCheck.class.getName());

    private final Thread thread;

    private PeriodicCheck(Thread thread) {
        this.thread = thread;
    }

    /** Looks for the first time after the pause. A look that fails, with an Error as well, is logged and not the last one. */
    static PeriodicCheck every(Duration pause, String name, Runnable look) {
        return new PeriodicCheck(Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.sleep(pause);
                    take(look, name);
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static void take(Runnable look, String name) {
        try {
            look.run();
        } catch (RuntimeException | Error fault) {
            try {
                LOG.log(System.Logger.Level.ERROR, "the look after " + name + " failed and is taken again", fault);
            } catch (Error unlogged) {
                // No memory to log it. The next look may have some.
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

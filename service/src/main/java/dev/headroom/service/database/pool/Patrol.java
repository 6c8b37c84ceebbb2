package dev.headroom.service.database.pool;

import java.time.Duration;

/** A look at things, taken again and again on a thread of its own until this is closed. */
final class Patrol implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Patrol.class.getName());

    private final Thread thread;

    private Patrol(Thread thread) {
        this.thread = thread;
    }

    /** Looks for the first time after the pause. A look that fails is said, and is not the last one. */
    static Patrol every(Duration pause, String name, Runnable look) {
        return new Patrol(Thread.ofVirtual().name(name).start(() -> {
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
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "the look after " + name + " failed and is taken again", fault);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

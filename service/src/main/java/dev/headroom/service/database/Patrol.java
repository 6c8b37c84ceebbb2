package dev.headroom.service.database;

import java.time.Duration;

/** A look at things, taken again and again on a thread of its own until this is closed. */
final class Patrol implements AutoCloseable {
    private final Thread thread;

    private Patrol(Thread thread) {
        this.thread = thread;
    }

    /** Looks for the first time after the pause. */
    static Patrol every(Duration pause, String name, Runnable look) {
        return new Patrol(Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.sleep(pause);
                    look.run();
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

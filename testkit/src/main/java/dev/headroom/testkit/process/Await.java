package dev.headroom.testkit.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something outside this JVM that announces itself by no event. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        if (!within(PATIENCE, condition)) {
            throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
        }
    }

    /** Whether the condition came true in this time. */
    public static boolean within(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
        return true;
    }
}

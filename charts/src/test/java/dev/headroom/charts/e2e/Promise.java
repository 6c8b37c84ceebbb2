package dev.headroom.charts.e2e;

import dev.headroom.testkit.process.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Something that has to become true within a time. It is printed with the time that it took. What comes too late is waited
 * for some more, since how late it is tells where to look.
 */
final class Promise {

    private static final int PATIENCE = 4;

    private Promise() {}

    /** Waits until the condition is true, and fails when that took longer than promised. */
    static void within(int seconds, String what, Callable<Boolean> condition) {
        within(seconds, Instant.now(), what, condition);
    }

    /** The same, where the time began to run earlier. */
    static void within(int seconds, Instant start, String what, Callable<Boolean> condition) {
        eventually(seconds * PATIENCE, what, condition);
        kept(seconds, Duration.between(start, Instant.now()), what);
    }

    /** Fails when something took longer than promised. */
    static void kept(int seconds, Duration took, String what) {
        boolean kept = took.compareTo(Duration.ofSeconds(seconds)) <= 0;
        String line = "%s: %.1f s, promised %d s".formatted(what, took.toMillis() / 1000.0, seconds);
        print(kept ? "ok" : "LATE", line);
        if (!kept) {
            throw new AssertionError(line);
        }
    }

    /** Waits until the condition is true, where nothing is promised about the time. A condition that throws is not true yet. */
    static void eventually(int seconds, String what, Callable<Boolean> condition) {
        Attempt attempt = new Attempt(condition);
        if (!Await.within(Duration.ofSeconds(seconds), attempt::succeeds)) {
            throw new AssertionError("not within " + seconds + " s: " + what, attempt.last);
        }
    }

    /** A line of the report. */
    static void print(String verdict, String text) {
        System.out.printf("  %-5s %s%n", verdict, text);
    }

    /** Keeps the last failure, for the error message. */
    private static final class Attempt {
        private final Callable<Boolean> condition;
        private @Nullable Exception last;

        Attempt(Callable<Boolean> condition) {
            this.condition = condition;
        }

        boolean succeeds() {
            try {
                last = null;
                return condition.call();
            } catch (Exception e) {
                last = e;
                return false;
            }
        }
    }
}

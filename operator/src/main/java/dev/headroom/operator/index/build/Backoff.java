package dev.headroom.operator.index.build;

import dev.headroom.operator.index.build.Outcome.Kind;
import java.time.Duration;

/** How long to wait before the next try. There always is a next one. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration FIRST_FOR_A_PERSON = Duration.ofMinutes(5);
    private static final Duration LONGEST_FOR_A_PERSON = Duration.ofHours(1);
    /** A blocker is looked for, which costs next to nothing. */
    static final Duration BLOCKED = Duration.ofSeconds(5);
    /** Two operators that failed together do not come back together. */
    private static final double JITTER = 0.2;

    private Backoff() {}

    /** {@code chance} is anything from 0 to 1. */
    static Duration after(Kind kind, int failures, double chance) {
        Duration first = kind.needsAPerson() ? FIRST_FOR_A_PERSON : FIRST;
        Duration longest = kind.needsAPerson() ? LONGEST_FOR_A_PERSON : LONGEST;
        int doublings = Math.min(Math.max(failures, 1) - 1, 20);
        long millis = Math.min(first.toMillis() << doublings, longest.toMillis());
        return Duration.ofMillis((long) (millis * (1 - JITTER + 2 * JITTER * chance)));
    }
}

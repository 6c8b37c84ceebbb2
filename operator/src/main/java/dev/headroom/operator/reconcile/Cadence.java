package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.ConcernOutcome;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * When to look again: soon after a failure and ever later while it lasts, for ever; otherwise when a concern asks, and
 * at least every few minutes, so that drift is found. All with jitter, so that many resources spread out.
 */
final class Cadence {

    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LAST_RETRY = Duration.ofMinutes(1);
    private static final double JITTER = 0.2;

    private final Duration longest;
    private final DoubleSupplier random;
    private final Map<ResourceID, Integer> failures = new ConcurrentHashMap<>();

    /** @param random from 0 to 1 */
    Cadence(Duration longest, DoubleSupplier random) {
        this.longest = longest;
        this.random = random;
    }

    Duration next(ResourceID id, List<ConcernOutcome> outcomes) {
        if (outcomes.stream().allMatch(ConcernOutcome::looked)) {
            failures.remove(id);
            return jittered(
                    outcomes.stream().map(outcome -> outcome.nextLook(longest)).reduce(longest, Cadence::sooner));
        }
        return retry(id);
    }

    /** After one more failure. */
    Duration retry(ResourceID id) {
        int count = failures.merge(id, 1, Integer::sum);
        return jittered(sooner(FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, 20)), sooner(LAST_RETRY, longest)));
    }

    void forget(ResourceID id) {
        failures.remove(id);
    }

    private Duration jittered(Duration delay) {
        return Duration.ofMillis((long) (delay.toMillis() * (1 - JITTER * random.getAsDouble())));
    }

    private static Duration sooner(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}

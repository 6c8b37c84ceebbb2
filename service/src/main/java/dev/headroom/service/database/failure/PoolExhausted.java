package dev.headroom.service.database.failure;

import dev.headroom.service.database.profile.PoolGauges;
import dev.headroom.service.settings.Durations;
import java.time.Duration;
import java.util.Optional;

/** Every connection was in use for as long as a call may wait for one. */
public final class PoolExhausted extends DatabaseFailure {

    private final PoolGauges gauges;

    public PoolExhausted(PoolGauges gauges, Duration waited) {
        super(
                "no connection became free within database.pool.acquire-timeout (" + Durations.format(waited)
                        + "): " + gauges.active() + " of " + gauges.max() + " in use, " + gauges.idle() + " idle, "
                        + gauges.pending() + " calls waiting. Raise database.pool.maximum-pool-size if the database has"
                        + " connections to spare, else find what holds them: the slow statements tell",
                null);
        this.gauges = gauges;
    }

    public int active() {
        return gauges.active();
    }

    public int idle() {
        return gauges.idle();
    }

    public int waiting() {
        return gauges.pending();
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(1));
    }

    @Override
    public String kind() {
        return "pool_exhausted";
    }
}

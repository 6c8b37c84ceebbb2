package dev.headroom.service.database.failure;

import dev.headroom.service.database.profile.PoolGauges;
import dev.headroom.service.database.settings.Patience;
import dev.headroom.service.settings.Durations;
import java.time.Duration;
import java.util.Optional;

/** The queue in front of the pool turned a call away: so many wait that it would only have waited in vain. */
public final class PoolBusy extends DatabaseFailure {

    public PoolBusy(PoolGauges gauges, Patience patience) {
        super(
                "no turn at the database: " + gauges.active() + " of " + gauges.max() + " connections in use, "
                        + gauges.pending() + " calls waiting; at most " + patience.longest()
                        + " (database.pool.queue) wait, for at most " + Durations.format(patience.time())
                        + " (database.pool.queue-timeout). Raise database.pool.maximum-pool-size if the database has"
                        + " connections to spare, else make the slow statements faster",
                null);
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(1));
    }

    @Override
    public String kind() {
        return "shed";
    }
}

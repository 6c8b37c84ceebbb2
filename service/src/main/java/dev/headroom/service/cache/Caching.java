package dev.headroom.service.cache;

import dev.headroom.service.cache.shared.RedisOpening;
import dev.headroom.service.cache.shared.SharedCache;
import dev.headroom.service.cache.shared.SharedKeys;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The cache of one instance with everything that runs for it: wired here, started and closed as one. */
public final class Caching implements AutoCloseable {
    static final Duration PATIENCE_FOR_REDIS = Duration.ofMillis(250);

    private final CacheMetrics metrics = new CacheMetrics();
    private final ExecutorService background = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("cache-", 0).factory());
    /** A platform thread: what makes changes visible must not queue behind busy virtual ones. */
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("cache-clock").daemon().factory());

    private final CacheSettings settings;
    private final Duration patienceForRedis;
    private final LocalCache local;
    private final @Nullable SharedCache shared;
    private final @Nullable RedisOpening opening;
    private final Generations generations = new Generations();
    private final Hearing hearing;
    private final ResultCache results;

    /** Wires both levels and goes to open Redis, which need not be there yet. */
    public static Caching open(CacheSettings settings) {
        return new Caching(settings, System::nanoTime, PATIENCE_FOR_REDIS);
    }

    /** @param patienceForRedis how long {@link #begin} waits for the first attempt to open it */
    Caching(CacheSettings settings, LongSupplier nanos, Duration patienceForRedis) {
        this.settings = settings;
        this.patienceForRedis = patienceForRedis;
        this.local =
                new LocalCache(settings.localBytes(), settings.endpointLocalBytes(), settings.largeVariant(), nanos);
        this.shared = settings.redis()
                .map(redis -> new SharedCache(
                        UUID.randomUUID().toString(),
                        new SharedCache.Times(settings.leaseTime(), redis.longestWait(), redis.slowCall()),
                        settings.endpointSharedBytes(),
                        metrics.sharedErrors(),
                        nanos))
                .orElse(null);
        this.opening = shared == null ? null : new RedisOpening(settings.redis().orElseThrow(), shared);
        var unsettled = new Unsettled();
        this.hearing = new Hearing(generations, unsettled, shared, metrics, clock, nanos);
        generations.blindWhile(hearing::isSilent);
        if (!settings.changes()) {
            cover(); // the policies' times alone rule
        }
        this.results = new ResultCache(local, shared, generations, unsettled, settings, metrics, background, nanos);
    }

    /**
     * Begins to use Redis.
     *
     * @param database names the database, the same for all instances on it and for no other database
     */
    public void begin(String database) {
        if (opening != null) {
            opening.begin(SharedKeys.of(settings.namespace() + '/' + database), patienceForRedis);
        }
        if (settings.changes()) {
            var _ = clock.scheduleWithFixedDelay(hearing::tick, 200, 500, TimeUnit.MILLISECONDS);
        }
        if (shared != null) {
            var _ = clock.scheduleWithFixedDelay(shared::giveBackLost, 200, 200, TimeUnit.MILLISECONDS);
        }
    }

    public ResultCache results() {
        return results;
    }

    /** Whom to tell of changes. */
    public Hearing hearing() {
        return hearing;
    }

    /** Whether Redis has counted everything that was heard here. */
    boolean isSettled() {
        return hearing.isSettled();
    }

    /** Says that nothing passed unheard, which is so where nothing is told and where there is no past. */
    void cover() {
        generations.covered();
    }

    public CacheMetrics metrics() {
        return metrics;
    }

    public long localEntries() {
        return local.entries();
    }

    public long localBytes() {
        return local.bytes();
    }

    /** Whether the service listens for changes of the tables at all, as far as the settings go. */
    boolean followsChanges() {
        return settings.enabled() && settings.changes();
    }

    /** Whether Redis is configured. */
    public boolean sharedConfigured() {
        return shared != null;
    }

    /** Whether Redis is configured, answers, and does what it is asked; a full one does, as far as it is read. */
    public boolean sharedAvailable() {
        return shared != null && shared.available();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        background.shutdownNow();
        if (opening != null) {
            opening.close();
        }
    }
}

package dev.headroom.service.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.testkit.RedisServer;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Instances of the service's cache on one Redis, each with a monotonic clock of its own that a test may move. */
final class Fleet implements AutoCloseable {
    static final CacheKey KEY = CacheKey.of("v1", "tasks.list", new TreeMap<>(), "", List.of("s.tasks"));
    static final CachePolicy POLICY = policy(Duration.ofSeconds(30), Duration.ofSeconds(60));

    private final Map<String, String> settings = new HashMap<>();
    /** A busy machine is no outage. */
    private Duration patienceForRedis = Duration.ofSeconds(20);

    private final List<Caching> instances = new ArrayList<>();
    private final AtomicLong notices = new AtomicLong();

    Fleet(RedisServer redis) {
        this();
        settings.put("redis.url", redis.url());
    }

    /** One whose Redis is said later, or that has none. */
    Fleet() {
        settings.put("cache.lease-time", "2s");
        settings.put("redis.read-timeout", "2s"); // nor is it here; tests of outages set their own
        settings.put("redis.acquire-timeout", "2s");
        settings.put("redis.connect-timeout", "2s");
        settings.put("redis.slow-call", "2s");
    }

    /** With the waits as they are where nobody sets them. */
    Fleet asDelivered() {
        settings.keySet().removeIf(key -> key.endsWith("-timeout") || key.endsWith("slow-call"));
        patienceForRedis = Caching.PATIENCE_FOR_REDIS;
        return this;
    }

    Fleet with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    static CachePolicy policy(Duration fresh, Duration stale) {
        return policy(fresh, stale, Duration.ZERO);
    }

    /** With a soft time-out; the others have none, so that a busy machine changes nothing. */
    static CachePolicy policy(Duration fresh, Duration stale, Duration soft) {
        return new CachePolicy(
                "test", fresh, stale, Duration.ofHours(1), soft, Duration.ofSeconds(1), 0, CachePolicy.Scope.SHARED);
    }

    /** As the others, but a row that is not there is not remembered. */
    static CachePolicy forgetful() {
        return new CachePolicy(
                "test",
                POLICY.fresh(),
                POLICY.staleWhileRevalidate(),
                POLICY.staleIfError(),
                Duration.ZERO,
                Duration.ZERO,
                0,
                CachePolicy.Scope.SHARED);
    }

    /** Moves the clock by which an instance measures ages. */
    static class Clock {
        private final AtomicLong ahead = new AtomicLong();

        void forward(Duration by) {
            ahead.addAndGet(by.toNanos());
        }

        long ahead() {
            return ahead.get();
        }

        long nanos() {
            return System.nanoTime() + ahead();
        }

        /** One that stands, for whom no time is up however slow the machine is. */
        static Clock standing() {
            long now = System.nanoTime();
            return new Clock() {
                @Override
                long nanos() {
                    return now + ahead();
                }
            };
        }
    }

    /** An instance that hears everything. */
    Caching instance(Clock clock) {
        Caching instance = deaf(clock);
        // What the sign of life of the others would do after seconds: this fleet has no past.
        instance.cover();
        return instance;
    }

    /** An instance that has not begun to listen. */
    Caching deaf(Clock clock) {
        var problems = new SettingsProblems();
        var read = CacheSettings.from(Config.just(ConfigSources.create(settings)), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems.all()));
        }
        var instance = new Caching(read, clock::nanos, patienceForRedis);
        instance.begin("test-database");
        instances.add(instance);
        return instance;
    }

    List<Caching> instances() {
        return List.copyOf(instances);
    }

    Caching instance() {
        return instance(new Clock());
    }

    static Served get(Caching instance, CachePolicy policy, Computation computation) {
        return get(instance, KEY, policy, computation);
    }

    static Served get(Caching instance, CacheKey key, CachePolicy policy, Computation computation) {
        return instance.results().get(new Wanted(key, counts(instance), policy, computation));
    }

    static Served renew(Caching instance, CachePolicy policy, Computation computation) {
        return instance.results().renew(new Wanted(KEY, counts(instance), policy, computation));
    }

    /** The row of this number, which says so itself. */
    static Served ask(Caching instance, int number) {
        return ask(instance, number, giving("row " + number));
    }

    static Served ask(Caching instance, int number, Computation computation) {
        var key = CacheKey.of("v1", "tasks.one", new TreeMap<>(Map.of("id", number)), "", List.of("s.tasks"));
        return get(instance, key, POLICY, computation);
    }

    static EndpointCounts counts(Caching instance) {
        return instance.metrics().of("tasks.list");
    }

    static String text(Served served) {
        return new String(served.entry().body(), UTF_8);
    }

    static Computation giving(String body) {
        return () -> Optional.of(body.getBytes(UTF_8));
    }

    /** A committed change, heard by the instances named. */
    void change(Caching... hearers) {
        String notice = "x" + notices.incrementAndGet();
        for (Caching hearer : hearers) {
            hearer.hearing().changed(Map.of("s.tasks", notice));
        }
    }

    @Override
    public void close() {
        instances.forEach(Caching::close);
        instances.clear();
    }
}

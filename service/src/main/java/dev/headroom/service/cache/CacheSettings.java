package dev.headroom.service.cache;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * How much is kept, and how long a request may wait for somebody else's work.
 *
 * @param changes whether the service listens for changes of the tables; off, the policies' times alone rule
 * @param patience how long a request waits for a computation of the same answer in this process, or for a permit
 * @param leasePatience how long for one in another process
 * @param computations how many answers may be computed at once without a lease of the fleet
 */
public record CacheSettings(
        boolean enabled,
        long localBytes,
        int largestEntry,
        boolean changes,
        Duration blindFresh,
        Duration patience,
        Duration leasePatience,
        Duration leaseTime,
        int computations,
        Optional<RedisSettings> redis) {

    public static CacheSettings from(Config config, SettingsProblems problems) {
        SettingsSection cache = new SettingsSection(config.get("cache"), problems);
        Duration shortest = Duration.ofMillis(1);
        Duration longest = Duration.ofMinutes(5);
        return new CacheSettings(
                cache.flag("enabled", true),
                cache.bytes("local-size", 128 << 20, 0, Integer.MAX_VALUE),
                cache.bytes("largest-entry", 8 << 20, 1 << 10, 512 << 20),
                cache.flag("changes", true),
                cache.duration("blind-fresh", Duration.ofSeconds(1), Duration.ZERO, longest),
                cache.duration("patience", Duration.ofSeconds(10), shortest, longest),
                cache.duration("lease-patience", Duration.ofSeconds(5), shortest, longest),
                cache.duration("lease-time", Duration.ofSeconds(10), Duration.ofMillis(50), longest),
                cache.integer("computations", 64, 1, 100_000),
                RedisSettings.from(new SettingsSection(config.get("redis"), problems)));
    }
}

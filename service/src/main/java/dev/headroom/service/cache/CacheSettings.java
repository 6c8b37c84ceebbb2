package dev.headroom.service.cache;

import dev.headroom.service.cache.redis.RedisSettings;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How much is kept, and how long a request may wait for somebody else's work.
 *
 * @param endpointLocalBytes how much of {@code localBytes} one endpoint may hold
 * @param endpointSharedBytes how much one endpoint may hold in Redis
 * @param largeVariant a larger answer that depends on parameters is not kept in Redis, and in process only when it is computed again
 * @param changes whether the service listens for changes of the tables; off, the policies' times alone rule
 * @param tablesWithoutTrigger tables, {@code schema.table}, whose changes are not listened for
 * @param clientsMayRenew whether a request that says {@code Cache-Control: no-cache} is computed anew
 * @param namespace keeps apart what shares a Redis although the database is the same
 * @param prewarmPatience how long readiness waits for the endpoints that ask to be prewarmed
 * @param patience how long a request waits for a computation of the same answer in this process, or for a permit
 * @param leasePatience how long for one in another process
 * @param computations how many answers may be computed at once without a lease of the fleet
 */
public record CacheSettings(
        boolean enabled,
        long localBytes,
        long endpointLocalBytes,
        long endpointSharedBytes,
        int largestEntry,
        int largeVariant,
        boolean changes,
        List<String> tablesWithoutTrigger,
        boolean clientsMayRenew,
        String namespace,
        Duration prewarmPatience,
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
        boolean enabled = cache.flag("enabled", true);
        var redis = RedisSettings.from(new SettingsSection(config.get("redis"), problems));
        return new CacheSettings(
                enabled,
                cache.bytes("local-size", 128 << 20, 0, 1024 << 20),
                cache.bytes("endpoint-local-size", 32 << 20, 0, 1024 << 20),
                cache.bytes("endpoint-shared-size", 16 << 20, 0, 1024 << 20),
                cache.bytes("largest-entry", 8 << 20, 1 << 10, 512 << 20),
                cache.bytes("large-variant", 256 << 10, 0, 512 << 20),
                cache.flag("changes", true),
                tables(cache, "tables-without-trigger"),
                cache.flag("clients-may-renew", false),
                cache.text("namespace", ""),
                cache.duration("prewarm-patience", Duration.ZERO, Duration.ZERO, longest),
                cache.duration("blind-fresh", Duration.ofSeconds(1), Duration.ZERO, longest),
                cache.duration("patience", Duration.ofSeconds(10), shortest, longest),
                cache.duration("lease-patience", Duration.ofSeconds(5), shortest, longest),
                cache.duration("lease-time", Duration.ofSeconds(10), Duration.ofMillis(50), longest),
                cache.integer("computations", 64, 1, 100_000),
                enabled ? redis : Optional.empty());
    }

    private static List<String> tables(SettingsSection cache, String name) {
        List<String> tables = cache.list(name, List.of());
        for (String table : tables) {
            if (table.indexOf('.') <= 0 || table.endsWith(".")) {
                cache.problem(name, "expected tables as schema.table, got \"" + table + "\"");
            }
        }
        return tables;
    }
}

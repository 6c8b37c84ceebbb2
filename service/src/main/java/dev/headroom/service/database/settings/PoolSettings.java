package dev.headroom.service.database.settings;

import dev.headroom.service.settings.SettingsSection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How connections are pooled; docs/decisions/0021 has the reason for every default. */
public record PoolSettings(
        PoolSize size,
        Patience queue,
        Duration acquireTimeout,
        Duration maxLifetime,
        Duration idleTimeout,
        Duration keepalive,
        Duration validationTimeout,
        Optional<Path> sizeFile) {

    public static PoolSettings defaults() {
        return new PoolSettings(
                new PoolSize(10, 2),
                new Patience(256, Duration.ofSeconds(2)),
                Duration.ofSeconds(3),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                Optional.empty());
    }

    public PoolSettings withSize(PoolSize newSize) {
        return new PoolSettings(
                newSize, queue, acquireTimeout, maxLifetime, idleTimeout, keepalive, validationTimeout, sizeFile);
    }

    public PoolSettings withAcquireTimeout(Duration timeout) {
        return new PoolSettings(size, queue, timeout, maxLifetime, idleTimeout, keepalive, validationTimeout, sizeFile);
    }

    public PoolSettings withQueueTimeout(Duration timeout) {
        return new PoolSettings(
                size,
                new Patience(queue.longest(), timeout),
                acquireTimeout,
                maxLifetime,
                idleTimeout,
                keepalive,
                validationTimeout,
                sizeFile);
    }

    public PoolSettings withSizeFile(Path file) {
        return new PoolSettings(
                size, queue, acquireTimeout, maxLifetime, idleTimeout, keepalive, validationTimeout, Optional.of(file));
    }

    static PoolSettings from(SettingsSection pool) {
        PoolSettings defaults = defaults();
        int maximum = pool.integer("maximum-pool-size", defaults.size.maximum(), 1, 1000);
        int idle = pool.integer("minimum-idle", Math.min(defaults.size.minimumIdle(), maximum), 0, 1000);
        if (idle > maximum) {
            pool.problem("minimum-idle", "expected at most maximum-pool-size (" + maximum + "), got " + idle);
            idle = maximum;
        }
        Duration day = Duration.ofDays(1);
        return new PoolSettings(
                new PoolSize(maximum, idle),
                new Patience(
                        pool.integer("queue", defaults.queue.longest(), 0, 100_000),
                        pool.duration("queue-timeout", defaults.queue.time(), Duration.ZERO, Duration.ofMinutes(1))),
                pool.duration(
                        "acquire-timeout", defaults.acquireTimeout, Duration.ofMillis(250), Duration.ofMinutes(1)),
                pool.duration("max-lifetime", defaults.maxLifetime, Duration.ofSeconds(30), day),
                pool.duration("idle-timeout", defaults.idleTimeout, Duration.ofSeconds(10), day),
                pool.duration("keepalive", defaults.keepalive, Duration.ofSeconds(30), day),
                pool.duration(
                        "validation-timeout",
                        defaults.validationTimeout,
                        Duration.ofMillis(250),
                        Duration.ofSeconds(30)),
                pool.text("size-file").map(Path::of));
    }
}

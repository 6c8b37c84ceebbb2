package dev.headroom.service.database.pool;

import com.zaxxer.hikari.HikariConfig;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.settings.PoolSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Our settings in Hikari's words. */
final class PoolConfiguration {

    /**
     * What Hikari is told when it is made. It sizes its queue of connections to add by it, and drops what does not fit: a
     * pool made small and grown later would let calls wait although it may grow. The pool's owner sets the real maximum.
     */
    private static final int LARGEST = 1000;

    /** Hikari's. */
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(30);

    /** Milliseconds; a difference of a second or less is too little for Hikari. */
    private static final long IDLE_TIMEOUT_BELOW_LIFETIME = 2_000;

    private PoolConfiguration() {}

    /** {@code onTooMany} is told when the server has no connection left. */
    static HikariConfig of(
            String name, PostgresConnector connector, PoolSettings pool, Consumer<SQLException> onTooMany) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        // A quarter, so that the reason is known before the first call has waited for all of it.
        config.setDataSource(
                connector.persistentDataSource(pool.acquireTimeout().dividedBy(4), onTooMany));
        config.setMaximumPoolSize(LARGEST);
        config.setMinimumIdle(pool.size().minimumIdle());
        config.setConnectionTimeout(pool.acquireTimeout().toMillis());
        config.setValidationTimeout(Math.min(
                pool.validationTimeout().toMillis(), pool.acquireTimeout().toMillis()));
        long lifetime = jittered(pool.maxLifetime()).toMillis();
        config.setMaxLifetime(lifetime);
        // Hikari warns of longer ones, in its own words. Neither would come before the connection is replaced.
        config.setIdleTimeout(Math.min(pool.idleTimeout().toMillis(), lifetime - IDLE_TIMEOUT_BELOW_LIFETIME));
        config.setKeepaliveTime(
                pool.keepalive().toMillis() < lifetime ? pool.keepalive().toMillis() : 0);
        // Start without a database: it may come up after us, and requests say so meanwhile.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    /**
     * Up to a tenth less, as far as Hikari allows it: a shorter one it would turn into 30 minutes. Hikari spreads the connections of one pool over 2.5 %; replicas that a rollout started in the
     * same minute would still reconnect in the same minute, every time.
     */
    private static Duration jittered(Duration lifetime) {
        Duration less = lifetime.minusMillis(ThreadLocalRandom.current().nextLong(lifetime.toMillis() / 10 + 1));
        return less.compareTo(SHORTEST_LIFETIME) < 0 ? SHORTEST_LIFETIME : less;
    }
}

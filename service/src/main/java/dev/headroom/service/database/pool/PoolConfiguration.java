package dev.headroom.service.database.pool;

import com.zaxxer.hikari.HikariConfig;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.settings.PoolSettings;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Our settings in Hikari's words. */
final class PoolConfiguration {

    /**
     * What Hikari is told when it is made. It sizes its queue of connections to add by it, and drops what does not fit: a
     * pool made small and grown later would let calls wait although it may grow. The pool's owner sets the real maximum.
     */
    private static final int LARGEST = 1000;

    private PoolConfiguration() {}

    static HikariConfig of(String name, PostgresConnector connector, PoolSettings pool) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        // A quarter, so that the reason is known before the first call has waited for all of it.
        config.setDataSource(
                connector.persistentDataSource(pool.acquireTimeout().dividedBy(4)));
        config.setMaximumPoolSize(LARGEST);
        config.setMinimumIdle(pool.size().minimumIdle());
        config.setConnectionTimeout(pool.acquireTimeout().toMillis());
        config.setValidationTimeout(Math.min(
                pool.validationTimeout().toMillis(), pool.acquireTimeout().toMillis()));
        config.setIdleTimeout(pool.idleTimeout().toMillis());
        config.setMaxLifetime(jittered(pool.maxLifetime()).toMillis());
        config.setKeepaliveTime(pool.keepalive().toMillis());
        // Start without a database: it may come up after us, and requests say so meanwhile.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    /**
     * Up to a tenth less. Hikari spreads the connections of one pool over 2.5 %; replicas that a rollout started in the
     * same minute would still reconnect in the same minute, every time.
     */
    private static Duration jittered(Duration lifetime) {
        return lifetime.minusMillis(ThreadLocalRandom.current().nextLong(lifetime.toMillis() / 10 + 1));
    }
}

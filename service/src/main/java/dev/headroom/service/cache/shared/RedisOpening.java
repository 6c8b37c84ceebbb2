package dev.headroom.service.cache.shared;

import dev.headroom.service.cache.redis.RedisConnections;
import dev.headroom.service.cache.redis.RedisFailureReason;
import dev.headroom.service.cache.redis.RedisSettings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * Opens Redis beside everything else, and again and again where that needs an answer first: Sentinel and Cluster are asked
 * for their nodes, and a service whose Redis is not there starts all the same.
 */
public final class RedisOpening implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RedisOpening.class.getName());
    private static final long FIRST_PAUSE = 250;
    private static final long LONGEST_PAUSE = 5_000;

    private final RedisSettings settings;
    private final SharedCache shared;
    private final CountDownLatch triedOnce = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable SharedKeys keys;
    private @Nullable UnifiedJedis opened;
    private boolean closed;

    public RedisOpening(RedisSettings settings, SharedCache shared) {
        this.settings = settings;
        this.shared = shared;
        this.thread = Thread.ofVirtual().name("redis-opening").start(this::open);
    }

    private void open() {
        long pause = FIRST_PAUSE;
        while (!attempt(pause == FIRST_PAUSE)) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException closing) {
                return;
            }
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
        }
    }

    private boolean attempt(boolean first) {
        try {
            there(RedisConnections.open(settings));
            if (!first) {
                LOG.log(System.Logger.Level.INFO, "Redis is there now ({0})", settings.address());
            }
            return true;
        } catch (RuntimeException notYet) { // also of settings that name what is not there, such as a trust store
            LOG.log(
                    first ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                    "Redis is not there yet, every instance computes for itself until it is ({0}): {1}",
                    settings.address(),
                    RedisFailureReason.reason(notYet));
            return false;
        } finally {
            triedOnce.countDown();
        }
    }

    private synchronized void there(UnifiedJedis redis) {
        if (closed) {
            redis.close();
            return;
        }
        opened = redis;
        if (keys != null) {
            shared.begin(redis, keys, settings);
        }
    }

    /** Says which database it is all about; waits no longer than that for the first attempt. */
    public void begin(SharedKeys named, Duration patience) {
        try {
            boolean _ = triedOnce.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            keys = named;
            if (opened != null) {
                shared.begin(opened, named, settings);
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            shared.end();
            if (opened != null) {
                opened.close();
            }
        }
        thread.interrupt();
    }
}

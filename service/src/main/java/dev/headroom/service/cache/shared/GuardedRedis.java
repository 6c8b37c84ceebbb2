package dev.headroom.service.cache.shared;

import dev.headroom.service.cache.redis.Circuit;
import dev.headroom.service.cache.redis.Circuit.Passage;
import dev.headroom.service.cache.redis.RedisConnections;
import dev.headroom.service.cache.redis.RedisFailureReason;
import dev.headroom.service.cache.redis.RedisSettings;
import dev.headroom.service.logging.Complaints;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Runs steps of the cache on Redis so that no request depends on it: a step never throws, waits no longer than the time-outs
 * of the connection, and does not reach a Redis that the circuit breaker found slow or down. Each problem is logged once a
 * minute at most, with the setting to change.
 */
final class GuardedRedis {
    private static final System.Logger LOG = System.getLogger(GuardedRedis.class.getName());

    /** As Redis 6, Redis 7 and Valkey say it of a command, and of a command within a script. */
    private static final Pattern LACKS_RIGHT = Pattern.compile("^NOPERM|ACL failure|can't run this command");

    /** What is refused to everybody and not only for want of memory; a command in a script has it in the middle. */
    private static final Pattern USELESS =
            Pattern.compile("\\b(READONLY|LOADING|MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|BUSY)\\b");

    /** Plain reads may pass all the while, so one that passes says nothing so soon after a refusal. */
    private static final long REFUSAL_STANDS = TimeUnit.SECONDS.toNanos(2);

    private static final int OUTAGES_AT_ONCE = 3;

    /** What a byte may take: as 10 MB/s have it. */
    private static final long NANOS_PER_BYTE = 100;

    private static final String NOT_OURS =
            "what it holds under a key of ours is not ours; give others another redis.url, or"
                    + " this service its own cache.namespace";

    /**
     * Redis, and the names of this database's things in it.
     *
     * @param connections as many permits as the pool has connections: waiting for one says nothing about Redis
     * @param acquireTimeout how long a step waits for one
     */
    record OpenRedis(UnifiedJedis redis, SharedKeys keys, Semaphore connections, Duration acquireTimeout) {}

    private final LongSupplier nanos;
    private final Circuit circuit;
    /** Steps that Redis did not do. */
    private final LongAdder errors;

    private final Complaints complaints;
    private final Complaints outages;
    /** Whether the present outage was logged: not each one is, where they come and go many times a minute. */
    private volatile boolean outageLogged;

    private volatile @Nullable OpenRedis open;

    /** When it refused what every step of the cache needs; null when it has not of late. */
    private volatile @Nullable Long refusedAt;

    /** @param slowCall a call that takes longer is slow, besides what its bytes are given */
    GuardedRedis(Duration slowCall, LongAdder errors, LongSupplier nanos) {
        this.nanos = nanos;
        this.errors = errors;
        this.complaints = new Complaints(LOG, nanos);
        this.outages = new Complaints(LOG, nanos, OUTAGES_AT_ONCE);
        var times = new Circuit.Times(slowCall, Duration.ofMillis(500), Duration.ofSeconds(10));
        this.circuit = new Circuit(times, nanos, this::outage, this::over);
    }

    private void outage(String why) {
        if (!outageLogged && outages.due()) {
            outageLogged = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Redis does not answer in time: every instance computes for itself until it does ({0}: {1})",
                    address(),
                    why);
        }
    }

    private void over() {
        if (outageLogged) {
            outageLogged = false;
            LOG.log(System.Logger.Level.INFO, "Redis answers again: the shared cache is back ({0})", address());
        }
    }

    private String address() {
        OpenRedis to = open;
        return to == null ? "not opened yet" : RedisConnections.address(to.redis());
    }

    void begin(UnifiedJedis redis, SharedKeys keys, RedisSettings settings) {
        open = new OpenRedis(redis, keys, new Semaphore(settings.poolSize()), settings.acquireTimeout());
    }

    /** Nobody is asked any more, and what is under way may fail: the connections are about to be closed. */
    void end() {
        open = null;
    }

    /** Whether it answers, and does what it is asked. */
    boolean available() {
        return open != null && circuit.isClosed() && refusedAt == null;
    }

    /** Whether several questions go in one message: in a Redis Cluster each message would look for its node on a thread. */
    boolean pipelines() {
        OpenRedis to = open;
        return to != null && !(to.redis() instanceof RedisClusterClient);
    }

    /**
     * What Redis answers, or otherwise this; it never throws, and waits no longer than the connection's time-outs. A step
     * holds one of the connections, so it asks for no other step.
     */
    <T> T ask(T otherwise, Function<OpenRedis, ? extends T> step) {
        return ask(otherwise, step, small -> 0);
    }

    /** @param bytes how much went with the step, by its answer: much takes long on a quick Redis as well */
    <T> T ask(T otherwise, Function<OpenRedis, ? extends T> step, ToLongFunction<? super T> bytes) {
        OpenRedis to = open;
        Passage passage = to == null ? Passage.REFUSED : circuit.passage();
        if (to == null || passage == Passage.REFUSED || !acquire(to, passage)) {
            return otherwise;
        }
        long asked = nanos.getAsLong(); // not before: the queue for our own connections is none of Redis' doing
        try {
            T answer = step.apply(to);
            circuit.answered(nanos.getAsLong() - asked - NANOS_PER_BYTE * bytes.applyAsLong(answer));
            served();
            return answer;
        } catch (RuntimeException e) {
            if (open != null) {
                judge(to, passage, e, nanos.getAsLong() - asked);
            }
            return otherwise;
        } finally {
            to.connections().release();
        }
    }

    /** A permit for the step; false where none became free, or where Redis is not to be asked after the wait for it. */
    private boolean acquire(OpenRedis to, Passage passage) {
        try {
            if (!to.connections().tryAcquire(to.acquireTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
                if (open != null) {
                    noneFree(passage);
                }
                return false;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            undecided(passage);
            return false;
        }
        if (open == null || (passage != Passage.PROBE && !circuit.isClosed())) { // it ended, or opened, meanwhile
            to.connections().release();
            return false;
        }
        return true;
    }

    /** The call says nothing about Redis. */
    private void undecided(Passage passage) {
        if (passage == Passage.PROBE) {
            circuit.undecided();
        }
    }

    private void judge(OpenRedis to, Passage passage, RuntimeException failure, long tookNanos) {
        switch (failure) {
            case JedisConnectionException e -> failed(to, RedisFailureReason.reason(e));
            case JedisClusterOperationException e -> failed(to, RedisFailureReason.reason(e));
            // It answers, but not as ours should: full, read-only, loading, or with other people's data in our place.
            case JedisDataException e -> refused(to, RedisFailureReason.reason(e), tookNanos);
            case ClassCastException _ -> refused(to, NOT_OURS, tookNanos);
            case NumberFormatException _ -> refused(to, NOT_OURS, tookNanos);
            case IndexOutOfBoundsException _ -> refused(to, NOT_OURS, tookNanos);
            default -> {
                if (failure.getCause() instanceof NoSuchElementException) {
                    noneFree(passage);
                } else {
                    unexpected(passage, failure);
                }
            }
        }
    }

    private void noneFree(Passage passage) {
        errors.increment();
        undecided(passage);
        complain("no connection to Redis was free within redis.acquire-timeout; raise redis.pool-size");
    }

    /** It says nothing about Redis. The words are the client library's, so they are for those who look for a mistake in it. */
    private void unexpected(Passage passage, RuntimeException failure) {
        errors.increment();
        undecided(passage);
        LOG.log(System.Logger.Level.DEBUG, "a step of the cache failed", failure);
        complain("a step of the cache failed with an unexpected "
                + failure.getClass().getSimpleName() + ", the database carries on; its stack is logged at DEBUG");
    }

    private void served() {
        Long refused = refusedAt;
        if (refused != null && nanos.getAsLong() - refused > REFUSAL_STANDS) {
            refusedAt = null;
        }
    }

    private void refused(OpenRedis to, String why, long tookNanos) {
        if (why.startsWith("WRONGPASS") || why.startsWith("NOAUTH")) {
            failed(to, why + " Set redis.user and redis.password, or the ones in redis.url");
            return;
        }
        errors.increment();
        circuit.answered(tookNanos);
        boolean lacksRight = LACKS_RIGHT.matcher(why).find();
        if (lacksRight || USELESS.matcher(why).find()) {
            refusedAt = nanos.getAsLong();
        }
        complain(
                lacksRight
                        ? "redis.user lacks a right, docs/settings.md lists those it needs: " + why
                        : "Redis refused a step of the cache, the database carries on: " + why);
    }

    /** Requests come this way: the address is looked up for a line that is written, not for each of them. */
    private void complain(String what) {
        if (complaints.due()) {
            LOG.log(System.Logger.Level.WARNING, "{0} (Redis at {1}; said at most once a minute)", what, address());
        }
    }

    private void failed(OpenRedis to, String why) {
        errors.increment();
        if (circuit.failed(why)) {
            outage(why);
            // Those of before are as broken as the one that just was; a probe must not meet them one after the other.
            RedisConnections.dropIdle(to.redis());
        }
    }
}

package dev.headroom.service.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * The level that all instances share. It never throws and never makes a request wait for longer than the time-outs of
 * its connections: without an answer there is no entry, no lease, and nothing was written.
 */
final class SharedCache {
    private static final System.Logger LOG = System.getLogger(SharedCache.class.getName());
    private static final byte[] TIME = "return redis.call('TIME')".getBytes(UTF_8);

    /** Redis, and the names of this database's things in it. */
    private record Link(UnifiedJedis redis, SharedKeys keys) {}

    private final String token;
    private final Duration leaseTime;
    private final Circuit circuit;
    private final CacheMetrics metrics;
    private final Complaints complaints;
    /** The highest generation seen of each table: Redis restarted from an older dump is known by a lower one. */
    private final Map<String, Long> highest = new ConcurrentHashMap<>();

    private volatile @Nullable Link link;

    SharedCache(String token, Duration leaseTime, CacheMetrics metrics, LongSupplier nanos) {
        this.token = token;
        this.leaseTime = leaseTime;
        this.metrics = metrics;
        this.complaints = new Complaints(LOG, nanos);
        this.circuit = new Circuit(
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                nanos,
                () -> LOG.log(
                        System.Logger.Level.WARNING,
                        "Redis does not answer: every instance computes for itself until it does"),
                () -> LOG.log(System.Logger.Level.INFO, "Redis answers again: the shared cache is back"));
    }

    /** From now on Redis is asked; until then everything is as if it did not answer. */
    void begin(UnifiedJedis redis, SharedKeys keys) {
        link = new Link(redis, keys);
    }

    boolean available() {
        return link != null && circuit.isClosed();
    }

    Lookup look(CacheKey key) {
        return guarded(Lookup.UNAVAILABLE, to -> {
            var answer = (List<?>) Script.LOOK.run(
                    to.redis(),
                    List.of(
                            to.keys().entry(key),
                            to.keys().generations(),
                            to.keys().lease(key)),
                    SharedKeys.bytes(key.tables(), token, leaseTime.toMillis()));
            return read(key, answer);
        });
    }

    private Lookup read(CacheKey key, List<?> answer) {
        long now = Long.parseLong(text(answer.get(0)));
        String stamp = text(answer.get(1));
        long age = Long.parseLong(text(answer.get(2)));
        var lease = switch (((Long) answer.get(4)).intValue()) {
            case 1 -> Lookup.Lease.OURS;
            case 0 -> Lookup.Lease.ANOTHERS;
            default -> Lookup.Lease.NONE;
        };
        if (wentBack(key, stamp)) {
            countAll("back:" + token + ':' + now);
            return Lookup.UNAVAILABLE;
        }
        Entry entry = age < 0 ? null : EntryCodec.read((byte[]) answer.get(3)).orElse(null);
        return new Lookup(entry, age, lease, stamp, now);
    }

    private boolean wentBack(CacheKey key, String stamp) {
        String[] generations = stamp.split(",", -1);
        boolean back = false;
        for (int i = 0; i < key.tables().size(); i++) {
            long seen = Long.parseLong(generations[i]);
            back |= highest.merge(key.tables().get(i), seen, Math::max) > seen;
        }
        return back;
    }

    /** Keeps what was computed after this look-up; refused in Redis where the look-up has been overtaken. */
    void write(CacheKey key, Lookup look, Entry entry, Duration fresh, Duration life) {
        guarded(
                0L,
                to -> Script.WRITE.run(
                        to.redis(),
                        List.of(
                                to.keys().entry(key),
                                to.keys().generations(),
                                to.keys().lease(key)),
                        SharedKeys.bytes(
                                key.tables(),
                                token,
                                look.stamp(),
                                look.began(),
                                fresh.toMillis(),
                                Math.max(1, life.toMillis()),
                                EntryCodec.write(entry))));
    }

    /** Gives the lease back after a failure, so that nobody waits for what will not come. */
    void release(CacheKey key, Lookup look) {
        if (look.lease() == Lookup.Lease.OURS) {
            guarded(
                    0L,
                    to -> Script.RELEASE.run(
                            to.redis(),
                            List.of(to.keys().lease(key)),
                            SharedKeys.bytes(List.of(), token, look.stamp())));
        }
    }

    /** The entry with its age in milliseconds, whatever has changed since. */
    Optional<Map.Entry<Entry, Long>> spare(CacheKey key) {
        return guarded(Optional.empty(), to -> {
            var answer =
                    (List<?>) Script.SPARE.run(to.redis(), List.of(to.keys().entry(key)), List.of());
            long age = Long.parseLong(text(answer.get(0)));
            return age < 0
                    ? Optional.empty()
                    : EntryCodec.read((byte[]) answer.get(1)).map(entry -> Map.entry(entry, age));
        });
    }

    /** Counts a change once in the fleet; false when Redis did not acknowledge it. */
    boolean count(String notice, List<String> tables) {
        return tables.isEmpty()
                || guarded(false, to -> {
                    Script.COUNT.run(
                            to.redis(),
                            List.of(to.keys().generations(), to.keys().notice(notice)),
                            SharedKeys.bytes(tables));
                    return true;
                });
    }

    /** The same for every table that Redis knows. */
    boolean countAll(String notice) {
        return guarded(false, to -> {
            Script.COUNT_ALL.run(
                    to.redis(), List.of(to.keys().generations(), to.keys().notice(notice)), List.of());
            return true;
        });
    }

    /** Tells the fleet that this instance heard everything up to now. */
    void signOfLife() {
        guarded(
                "",
                to -> to.redis()
                        .set(
                                to.keys().signOfLife(),
                                (token + ':' + redisMillis(to)).getBytes(UTF_8),
                                new SetParams().px(10_000)));
    }

    /**
     * When another instance last gave a sign of life, on Redis' clock; -1 when none has for a while, and empty when Redis
     * does not answer.
     */
    Optional<Long> othersSignOfLife() {
        return guarded(Optional.empty(), to -> {
            byte[] sign = to.redis().get(to.keys().signOfLife());
            if (sign == null) {
                return Optional.of(-1L);
            }
            String told = new String(sign, UTF_8);
            return Optional.of(
                    told.startsWith(token + ':') ? 0L : Long.parseLong(told.substring(told.lastIndexOf(':') + 1)));
        });
    }

    /** Redis' clock in milliseconds; empty when it does not answer. */
    Optional<Long> clock() {
        return guarded(Optional.empty(), to -> Optional.of(redisMillis(to)));
    }

    /** Asked with a key, so that in a Redis Cluster the node answers that holds the entries. */
    private static long redisMillis(Link to) {
        List<?> time = (List<?>) to.redis().eval(TIME, List.of(to.keys().generations()), List.of());
        return Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
    }

    private <T> T guarded(T otherwise, Function<Link, ? extends T> step) {
        Link to = link;
        if (to == null || !circuit.passes()) {
            return otherwise;
        }
        try {
            T answer = step.apply(to);
            circuit.succeeded();
            return answer;
        } catch (JedisConnectionException | JedisClusterOperationException e) {
            metrics.sharedErrors().increment();
            circuit.failed();
            return otherwise;
        } catch (JedisDataException | ClassCastException | NumberFormatException | IndexOutOfBoundsException e) {
            // It answers, but not as ours should: full, read-only, loading, or with other people's data in our place.
            metrics.sharedErrors().increment();
            circuit.succeeded();
            complaints.say("Redis refused a step of the cache, the database carries on: " + e.getMessage());
            return otherwise;
        } catch (JedisException e) {
            // No connection free in time: says nothing about Redis, and this request computes.
            metrics.sharedErrors().increment();
            complaints.say("no connection to Redis was free within redis.acquire-timeout; raise redis.pool-size");
            return otherwise;
        }
    }

    private static String text(Object part) {
        return part instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(part);
    }
}

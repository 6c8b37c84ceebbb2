package dev.headroom.service.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.UnifiedJedis;

/**
 * The level that all instances share. It never throws and never makes a request wait for longer than the time-outs of
 * its connections: without an answer there is no entry, no lease, and nothing was written.
 */
final class SharedCache {
    private static final byte[] TIME = "return redis.call('TIME')".getBytes(UTF_8);

    private static final int LARGEST_GROUP = 64;

    private static final int SMALL = 32 << 10;
    private static final Duration SIGN_STANDS = Duration.ofSeconds(10);

    /** After so long without an instance a database's generations are gone; those made anew are higher, being times. */
    private static final Duration ABANDONED = Duration.ofDays(7);

    private final String token;
    private final Duration leaseTime;
    private final GuardedRedis redis;
    private final Grouping<QuickLook.Question, Optional<Lookup>> quick =
            new Grouping<>(LARGEST_GROUP, Optional.of(Lookup.UNAVAILABLE), this::quick);
    /** Endpoints whose last answer was small. Only such share a message: who shares one waits for all that is in it. */
    private final Set<String> small = ConcurrentHashMap.newKeySet();
    /** The highest generation seen of each table: Redis restarted from an older dump is known by a lower one. */
    private final Map<String, Long> highest = new ConcurrentHashMap<>();

    SharedCache(String token, Duration leaseTime, CacheMetrics metrics, LongSupplier nanos) {
        this.token = token;
        this.leaseTime = leaseTime;
        this.redis = new GuardedRedis(metrics, nanos);
    }

    /** From now on Redis is asked; until then everything is as if it did not answer. */
    void begin(UnifiedJedis opened, SharedKeys keys) {
        redis.begin(opened, keys);
    }

    boolean available() {
        return redis.available();
    }

    /**
     * Looks for an entry, and for the lease to compute it where there is none that will do.
     *
     * @param oldest the age in milliseconds from which an entry will not do, however fresh its writer thinks it
     */
    Lookup look(CacheKey key, long oldest) {
        List<Long> seen = seen(key);
        var question = new QuickLook.Question(key, oldest);
        Lookup look = (small.contains(key.family()) ? quick.ask(question) : alone(question))
                .filter(found -> !found.answered() || !wentBack(key, found.stamp(), seen))
                .orElseGet(() -> lookByScript(key, oldest));
        if (look.entry() != null) {
            measure(key, look.entry());
        }
        return look;
    }

    private Optional<Lookup> alone(QuickLook.Question question) {
        return quick(List.of(question)).map(List::getFirst).orElse(Optional.of(Lookup.UNAVAILABLE));
    }

    private void measure(CacheKey key, Entry entry) {
        boolean _ = entry.weight() <= SMALL ? small.add(key.family()) : small.remove(key.family());
    }

    /** Nothing where nobody answers, so that nobody asks again; an empty answer where the script has to be asked. */
    private Optional<List<Optional<Lookup>>> quick(List<QuickLook.Question> questions) {
        if (!redis.pipelines()) {
            return Optional.of(Collections.nCopies(questions.size(), Optional.empty()));
        }
        return redis.ask(Optional.empty(), to -> {
            try (var pipeline = (Pipeline) to.redis().pipelined()) {
                return Optional.of(QuickLook.ask(pipeline, to.keys(), questions));
            }
        });
    }

    private Lookup lookByScript(CacheKey key, long oldest) {
        List<Long> seen = seen(key);
        return redis.ask(Lookup.UNAVAILABLE, to -> {
            Lookup look = read(key, look(to, key, oldest), seen);
            // Bytes that are none of ours are no entry, so the question was for the lease.
            return look.isUnreadable() ? read(key, look(to, key, 0), seen) : look;
        });
    }

    private List<?> look(GuardedRedis.Link to, CacheKey key, long oldest) {
        return (List<?>) Script.LOOK.run(
                to.redis(),
                List.of(to.keys().entry(key), to.keys().generations(), to.keys().lease(key)),
                SharedKeys.bytes(key.tables(), token, leaseTime.toMillis(), oldest));
    }

    private Lookup read(CacheKey key, List<?> answer, List<Long> seen) {
        long now = Long.parseLong(text(answer.get(0)));
        String stamp = text(answer.get(1));
        long age = Long.parseLong(text(answer.get(2)));
        var lease = switch (((Long) answer.get(4)).intValue()) {
            case 1 -> Lookup.Lease.OURS;
            case 0 -> Lookup.Lease.ANOTHERS;
            default -> Lookup.Lease.NONE;
        };
        if (wentBack(key, stamp, seen)) {
            boolean _ = countAll("back:" + token + ':' + now);
            return Lookup.UNAVAILABLE;
        }
        Entry entry = age < 0 ? null : EntryCodec.read((byte[]) answer.get(3)).orElse(null);
        return new Lookup(entry, age, lease, stamp, now);
    }

    /** What an answer to a question asked from now on cannot be behind. What is seen while it is on its way it may be. */
    private List<Long> seen(CacheKey key) {
        return key.tables().stream()
                .map(table -> highest.getOrDefault(table, 0L))
                .toList();
    }

    private boolean wentBack(CacheKey key, String stamp, List<Long> seen) {
        String[] generations = stamp.split(",", -1);
        boolean back = false;
        for (int i = 0; i < seen.size(); i++) {
            remember(key.tables().get(i), generations[i]);
            back |= Long.parseLong(generations[i]) < seen.get(i);
        }
        return back;
    }

    private void remember(String table, String generation) {
        highest.merge(table, Long.parseLong(generation), Math::max);
    }

    /** Keeps what was computed after this look-up; refused in Redis where the look-up has been overtaken. */
    void write(CacheKey key, Lookup look, Entry entry, Duration fresh, Duration life) {
        measure(key, entry);
        redis.ask(
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
            redis.ask(
                    0L,
                    to -> Script.RELEASE.run(
                            to.redis(),
                            List.of(to.keys().lease(key)),
                            SharedKeys.bytes(List.of(), token, look.stamp())));
        }
    }

    /** The entry with its age in milliseconds, whatever has changed since. */
    Optional<Map.Entry<Entry, Long>> spare(CacheKey key) {
        return redis.ask(Optional.empty(), to -> {
            var answer =
                    (List<?>) Script.SPARE.run(to.redis(), List.of(to.keys().entry(key)), List.of());
            long age = Long.parseLong(text(answer.get(0)));
            return age < 0
                    ? Optional.empty()
                    : EntryCodec.read((byte[]) answer.get(1)).map(entry -> Map.entry(entry, age));
        });
    }

    /** Counts a change of tables that Redis knows, once in the fleet; false when Redis did not acknowledge it. */
    boolean count(String notice, List<String> tables) {
        return tables.isEmpty()
                || redis.ask(false, to -> {
                    var counted = (List<?>) Script.COUNT.run(
                            to.redis(),
                            List.of(to.keys().generations(), to.keys().notice(notice)),
                            SharedKeys.bytes(tables));
                    for (int i = 0; i < tables.size(); i++) {
                        String generation = text(counted.get(i));
                        if (!generation.isEmpty()) {
                            remember(tables.get(i), generation);
                        }
                    }
                    return true;
                });
    }

    /** The same for every table that Redis knows, so that each exceeds whatever was seen of any. */
    boolean countAll(String notice) {
        return redis.ask(false, to -> {
            long seen =
                    highest.values().stream().mapToLong(Long::longValue).max().orElse(0);
            var counted = (List<?>) Script.COUNT_ALL.run(
                    to.redis(),
                    List.of(to.keys().generations(), to.keys().notice(notice)),
                    SharedKeys.bytes(List.of(), seen));
            for (int i = 0; i < counted.size(); i += 2) {
                remember(text(counted.get(i)), text(counted.get(i + 1)));
            }
            return true;
        });
    }

    /** Tells the fleet that this instance heard everything that was committed until so long ago, and had it counted. */
    void signOfLife(Duration ago) {
        redis.ask(
                0L,
                to -> Script.SIGN.run(
                        to.redis(),
                        List.of(to.keys().signOfLife(), to.keys().generations()),
                        SharedKeys.bytes(
                                List.of(), token, ago.toMillis(), SIGN_STANDS.toMillis(), ABANDONED.toMillis())));
    }

    /**
     * Until when another instance has heard everything, on Redis' clock; -1 when none has given a sign of life for a while,
     * and empty when Redis does not answer.
     */
    Optional<Long> othersSignOfLife() {
        return redis.ask(Optional.empty(), to -> {
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
        return redis.ask(Optional.empty(), to -> Optional.of(redisMillis(to)));
    }

    /** Asked with a key, so that in a Redis Cluster the node answers that holds the entries. */
    private static long redisMillis(GuardedRedis.Link to) {
        List<?> time = (List<?>) to.redis().eval(TIME, List.of(to.keys().generations()), List.of());
        return Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
    }

    private static String text(Object part) {
        return part instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(part);
    }
}

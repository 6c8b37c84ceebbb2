package dev.headroom.service.cache.shared;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.cache.redis.Grouping;
import dev.headroom.service.cache.redis.RedisClock;
import dev.headroom.service.cache.redis.RedisSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.UnifiedJedis;

/**
 * The level that all instances share. It never throws and never makes a request wait for longer than the time-outs of
 * its connections: without an answer there is no entry, no lease, and nothing was written.
 */
public final class SharedCache {
    private static final int LARGEST_GROUP = 64;

    private static final int SMALL = 32 << 10;

    /** More leases than that end by themselves. */
    private static final int MOST_LOST = 10_000;

    private final String token;
    /** Longer than anybody who waits takes to look again. */
    private static final Duration HANDOVER = Duration.ofSeconds(2);

    private final Times times;
    private final long endpointBytes;
    private final GuardedRedis redis;
    private final RedisClock clock;
    private final AtomicLong looks = new AtomicLong();
    /** Look-ups that may have the lease although nobody computes for it: Redis' answer did not come in time. */
    private final Map<CacheKey, String> lost = new ConcurrentHashMap<>();

    private final Grouping<QuickLook.Question, Optional<Lookup>> quick =
            new Grouping<>(LARGEST_GROUP, Optional.of(Lookup.UNAVAILABLE), this::quick);
    /** Endpoints whose last answer was small. Only such share a message: who shares one waits for all that is in it. */
    private final Set<String> small = ConcurrentHashMap.newKeySet();

    private final HighestSeen highest = new HighestSeen();
    private final SignsOfLife signs;

    /**
     * How long its steps may take.
     *
     * @param lease how long a lease stands
     * @param patience longer than this nobody waits for a look-up
     * @param slowCall where half of the calls take longer, Redis is not asked for a while
     */
    public record Times(Duration lease, Duration patience, Duration slowCall) {}

    /**
     * How long an entry is there for, and for whom.
     *
     * @param whole how long it may be used, if only after a failure
     * @param endpoint the longest that entries of its endpoint are there
     * @param lasting false for an entry that is only handed to instances that wait for it
     */
    public record Retention(Duration fresh, Duration whole, Duration endpoint, boolean lasting) {}

    /** @param endpointBytes how much one endpoint may hold in Redis */
    public SharedCache(String token, Times times, long endpointBytes, LongAdder errors, LongSupplier nanos) {
        this.token = token;
        this.times = times;
        this.endpointBytes = endpointBytes;
        this.clock = new RedisClock(nanos);
        this.redis = new GuardedRedis(times.slowCall(), errors, nanos);
        this.signs = new SignsOfLife(token, redis, clock);
    }

    /** From now on Redis is asked; until then everything is as if it did not answer. */
    public void begin(UnifiedJedis opened, SharedKeys keys, RedisSettings settings) {
        redis.begin(opened, keys, settings);
    }

    public void end() {
        redis.end();
    }

    public boolean available() {
        return redis.available();
    }

    /**
     * Looks for an entry, and for the lease to compute it where there is none that will do.
     *
     * @param oldest the age in milliseconds from which an entry will not do, however fresh its writer thinks it
     */
    public Lookup look(CacheKey key, long oldest) {
        List<Long> seen = highest.of(key);
        var question = new QuickLook.Question(key, oldest);
        Lookup look = (small.contains(key.family()) ? quick.ask(question) : alone(question))
                .filter(found -> !found.answered() || !highest.isAbove(key, found.stamp(), seen))
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

    /** Nothing where Redis does not answer; nothing for a question where only the script can tell. */
    private Optional<List<Optional<Lookup>>> quick(List<QuickLook.Question> questions) {
        if (!redis.pipelines()) {
            return Optional.of(Collections.nCopies(questions.size(), Optional.empty()));
        }
        return redis.ask(
                Optional.empty(),
                to -> {
                    try (var pipeline = (Pipeline) to.redis().pipelined()) {
                        return Optional.of(QuickLook.ask(pipeline, to.keys(), questions));
                    }
                },
                answers -> answers.stream()
                        .flatMap(List::stream)
                        .flatMap(Optional::stream)
                        .mapToLong(Lookup::bytes)
                        .sum());
    }

    private Lookup lookByScript(CacheKey key, long oldest) {
        List<Long> seen = highest.of(key);
        String holder = token + ':' + looks.incrementAndGet();
        Lookup look = redis.ask(
                Lookup.UNAVAILABLE,
                to -> {
                    try {
                        Lookup found = read(look(to, key, holder, oldest), holder);
                        // Bytes that are none of ours are no entry, so the question was for the lease.
                        return found.isUnreadable() ? read(look(to, key, holder, 0), holder) : found;
                    } catch (RuntimeException unanswered) {
                        lose(key, holder);
                        throw unanswered;
                    }
                },
                Lookup::bytes);
        if (look.answered() && highest.isAbove(key, look.stamp(), seen)) {
            lose(key, holder);
            boolean _ = countAll("back:" + token + ':' + look.began());
            return Lookup.UNAVAILABLE;
        }
        return look;
    }

    private void lose(CacheKey key, String holder) {
        if (lost.size() < MOST_LOST) {
            lost.put(key, holder);
        }
    }

    private List<?> look(GuardedRedis.OpenRedis to, CacheKey key, String holder, long oldest) {
        long asked = clock.nanos();
        long until = clock.atMost(asked + times.patience().toNanos()).orElse(Long.MAX_VALUE);
        var answer = (List<?>) Script.LOOK.run(
                to.redis(),
                List.of(
                        to.keys().entry(key),
                        to.keys().generations(),
                        to.keys().lease(key),
                        to.keys().waiting(key)),
                SharedKeys.bytes(key.tables(), holder, times.lease().toMillis(), oldest, until));
        clock.read(Long.parseLong(Script.text(answer.getFirst())), asked);
        return answer;
    }

    private static Lookup read(List<?> answer, String holder) {
        long now = Long.parseLong(Script.text(answer.get(0)));
        String stamp = Script.text(answer.get(1));
        long age = Long.parseLong(Script.text(answer.get(2)));
        var lease = switch (((Long) answer.get(4)).intValue()) {
            case 1 -> Lookup.Lease.OURS;
            case 0 -> Lookup.Lease.ANOTHERS;
            default -> Lookup.Lease.NONE;
        };
        Entry entry = age < 0 ? null : EntryCodec.read((byte[]) answer.get(3)).orElse(null);
        boolean older = ((Long) answer.get(5)) == 1;
        return new Lookup(entry, age, older, lease, holder, stamp, now);
    }

    /** Keeps what was computed after this look-up; refused in Redis where the look-up has been overtaken. */
    public void write(CacheKey key, Lookup look, Entry entry, Retention ttl) {
        measure(key, entry);
        if (!ttl.lasting() && !isWaitedFor(key, look)) {
            return;
        }
        Duration there = ttl.lasting() ? ttl.whole() : HANDOVER;
        byte[] bytes = EntryCodec.write(entry);
        boolean done = redis.ask(
                false,
                to -> {
                    Script.WRITE.run(
                            to.redis(),
                            List.of(
                                    to.keys().entry(key),
                                    to.keys().generations(),
                                    to.keys().lease(key),
                                    to.keys().held(key)),
                            SharedKeys.bytes(
                                    key.tables(),
                                    look.holder(),
                                    look.stamp(),
                                    look.began(),
                                    ttl.fresh().toMillis(),
                                    Math.max(1, there.toMillis()),
                                    bytes,
                                    key.text(),
                                    endpointBytes,
                                    Math.max(1, ttl.endpoint().toMillis())));
                    return true;
                },
                written -> bytes.length);
        if (!done && look.lease() == Lookup.Lease.OURS) {
            lose(key, look.holder());
        }
    }

    /** Whether another instance waits for what was computed under this lease; where none does, the lease is given back. */
    private boolean isWaitedFor(CacheKey key, Lookup look) {
        if (look.lease() != Lookup.Lease.OURS) {
            return false;
        }
        Optional<Boolean> waitedFor = redis.ask(Optional.empty(), to -> {
            Object answer = Script.OFFER.run(
                    to.redis(),
                    List.of(to.keys().lease(key), to.keys().waiting(key)),
                    SharedKeys.bytes(List.of(), look.holder(), look.stamp()));
            return Optional.of(((Long) answer) == 1);
        });
        if (waitedFor.isEmpty()) {
            lose(key, look.holder());
        }
        return waitedFor.orElse(false);
    }

    /** Gives the lease back after a failure, so that nobody waits for what will not come. */
    public void release(CacheKey key, Lookup look) {
        if (look.lease() == Lookup.Lease.OURS && !release(key, look.holder())) {
            lose(key, look.holder());
        }
    }

    private boolean release(CacheKey key, String holder) {
        return redis.ask(false, to -> {
            Script.RELEASE.run(to.redis(), List.of(to.keys().lease(key)), SharedKeys.bytes(List.of(), holder));
            return true;
        });
    }

    /** Gives back the leases of look-ups whose answers came too late; where Redis does not answer, the next time. */
    public void giveBackLost() {
        for (var each : List.copyOf(lost.entrySet())) {
            if (!release(each.getKey(), each.getValue())) {
                return;
            }
            lost.remove(each.getKey(), each.getValue());
        }
    }

    /** The entry with its age in milliseconds, whatever has changed since. */
    public Optional<Map.Entry<Entry, Long>> findOutdated(CacheKey key) {
        return redis.ask(
                Optional.empty(),
                to -> {
                    var answer = (List<?>)
                            Script.SPARE.run(to.redis(), List.of(to.keys().entry(key)), List.of());
                    long age = Long.parseLong(Script.text(answer.get(0)));
                    return age < 0
                            ? Optional.empty()
                            : EntryCodec.read((byte[]) answer.get(1)).map(entry -> Map.entry(entry, age));
                },
                there -> there.map(entry -> entry.getKey().weight()).orElse(0));
    }

    /** Counts a change of tables that Redis knows, once in the fleet; false when Redis did not acknowledge it. */
    public boolean count(String notice, List<String> tables) {
        return tables.isEmpty()
                || redis.ask(false, to -> {
                    var counted = (List<?>) Script.COUNT.run(
                            to.redis(),
                            List.of(to.keys().generations(), to.keys().notice(notice)),
                            SharedKeys.bytes(tables));
                    for (int i = 0; i < tables.size(); i++) {
                        String generation = Script.text(counted.get(i));
                        if (!generation.isEmpty()) {
                            highest.remember(tables.get(i), generation);
                        }
                    }
                    return true;
                });
    }

    /** The same for every table that Redis knows, so that each exceeds whatever was seen of any. */
    public boolean countAll(String notice) {
        return redis.ask(false, to -> {
            var counted = (List<?>) Script.COUNT_ALL.run(
                    to.redis(),
                    List.of(to.keys().generations(), to.keys().notice(notice)),
                    SharedKeys.bytes(List.of(), highest.ofAll()));
            for (int i = 0; i < counted.size(); i += 2) {
                highest.remember(Script.text(counted.get(i)), Script.text(counted.get(i + 1)));
            }
            return true;
        });
    }

    public SignsOfLife signs() {
        return signs;
    }
}

package dev.headroom.service.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.headroom.service.cache.entry.CacheKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The level in this process: bounded by bytes, in all and for each endpoint, so that a client that pages through one
 * endpoint does not push out what the others have. In all, it evicts what is asked for least. Nothing expires in here: how
 * far an entry may be used is looked at when it is read.
 *
 * <p>A large answer that is one of many of its endpoint is kept when it was computed here twice within {@link #TWICE_WITHIN},
 * or when another instance wanted it too. Pages that are read once would otherwise reach the collector's old generation before
 * they are evicted, and the heap would grow by all of them (decision 0094).
 */
final class LocalCache {
    static final Duration TWICE_WITHIN = Duration.ofMinutes(1);
    private static final int REMEMBERED_COMPUTATIONS = 4096;

    private final Cache<String, Kept> entries;
    private final LongSupplier nanos;
    private final LatestComputations computed = new LatestComputations();
    private final long endpointBytes;
    private final long largeVariant;
    private final Map<String, EndpointShare> shares = new ConcurrentHashMap<>();

    /**
     * @param largeVariant bytes over which an answer that depends on parameters is large
     */
    LocalCache(long maximumBytes, long endpointBytes, long largeVariant, LongSupplier nanos) {
        this.nanos = nanos;
        this.endpointBytes = endpointBytes;
        this.largeVariant = largeVariant;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maximumBytes)
                .<String, Kept>weigher(LocalCache::weight)
                .evictionListener((@Nullable String key, @Nullable Kept kept, RemovalCause cause) -> {
                    if (key != null) {
                        share(CacheKey.family(key)).remove(key);
                    }
                })
                .executor(Runnable::run) // maintenance is short, and a common pool starves under load
                .build();
    }

    /**
     * The entries of one endpoint in the order in which they are evicted: oldest first, but one that was asked for since its
     * last turn gets another (the second chance of the CLOCK algorithm). A key changes here only while the map holds its
     * lock, so both hold the same entries.
     */
    private final class EndpointShare {
        private final LinkedHashMap<String, Kept> oldestFirst = new LinkedHashMap<>();
        private long bytes;

        synchronized void put(String key, Kept kept) {
            remove(key);
            oldestFirst.put(key, kept);
            bytes += weight(key, kept);
        }

        synchronized void remove(String key) {
            Kept gone = oldestFirst.remove(key);
            if (gone != null) {
                bytes -= weight(key, gone);
            }
        }

        /** The next entry to remove while the total is over the bound; null when it is within. */
        synchronized @Nullable String nextToEvict() {
            while (bytes > endpointBytes && !oldestFirst.isEmpty()) {
                var oldest = oldestFirst.firstEntry();
                if (!oldest.getValue().takeAsked()) {
                    return oldest.getKey();
                }
                oldestFirst.putLast(oldest.getKey(), oldest.getValue());
            }
            return null;
        }
    }

    /** When the latest large answers were computed, by key. */
    private final class LatestComputations {
        private final Map<String, Long> times = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > REMEMBERED_COMPUTATIONS;
            }
        };

        /** Remembers that it was computed now, and says whether it had been shortly before. */
        synchronized boolean wasRecently(String key) {
            long now = nanos.getAsLong();
            Long before = times.remove(key);
            times.put(key, now);
            return before != null && now - before <= TWICE_WITHIN.toNanos();
        }
    }

    @Nullable
    Kept get(CacheKey key) {
        Kept kept = entries.getIfPresent(key.text());
        if (kept != null) {
            kept.asked();
        }
        return kept;
    }

    /** Keeps an answer that was computed here, unless it is a large one of many and this was the first time. */
    void putComputed(CacheKey key, Kept kept) {
        boolean large = key.isVariant() && weight(key.text(), kept) > largeVariant;
        if (!large || computed.wasRecently(key.text()) || entries.asMap().containsKey(key.text())) {
            put(key, kept);
        }
    }

    /** Keeps the one whose making began later: a slow computation does not replace what was begun after a change. */
    void put(CacheKey key, Kept kept) {
        if (weight(key.text(), kept) > endpointBytes) {
            return;
        }
        EndpointShare share = share(key.family());
        entries.asMap().compute(key.text(), (text, there) -> {
            Kept later = there == null || !kept.beganBefore(there) ? kept : there;
            share.put(text, later);
            return later;
        });
        for (String excess = share.nextToEvict(); excess != null; excess = share.nextToEvict()) {
            entries.asMap().computeIfPresent(excess, (text, there) -> {
                share.remove(text);
                return null;
            });
        }
    }

    private EndpointShare share(String family) {
        return shares.computeIfAbsent(family, first -> new EndpointShare());
    }

    private static int weight(String key, Kept kept) {
        return 2 * key.length() + kept.entry().weight();
    }

    long entries() {
        return entries.estimatedSize();
    }

    long bytes() {
        OptionalLong weight = entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize())
                .orElse(OptionalLong.empty());
        return weight.orElse(0);
    }
}

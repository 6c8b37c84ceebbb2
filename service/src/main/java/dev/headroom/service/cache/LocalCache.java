package dev.headroom.service.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.headroom.service.cache.entry.CacheKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The level in this process: bounded by bytes, in all and for each endpoint, so that a client that pages through one
 * endpoint does not push out what the others have. In all, it evicts what is asked for least. Nothing expires in here: how
 * far an entry may be used is looked at when it is read.
 *
 * <p>A large answer that is one of many of its endpoint is kept from its second computation on. Pages that are read once
 * would otherwise reach the collector's old generation before they are evicted, and the heap would grow by all of them.
 */
final class LocalCache {
    private static final int REMEMBERED_VARIANTS = 4096;

    private final Cache<String, Kept> entries;
    private final Cache<String, Boolean> computedOnce;
    private final long endpointBytes;
    private final long largeVariant;
    private final Map<String, EndpointShare> shares = new ConcurrentHashMap<>();

    /**
     * @param largeVariant bytes over which an answer to arguments is kept only when it is computed again
     */
    LocalCache(long maximumBytes, long endpointBytes, long largeVariant) {
        this.endpointBytes = endpointBytes;
        this.largeVariant = largeVariant;
        this.computedOnce = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_VARIANTS)
                .executor(Runnable::run)
                .build();
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

    @Nullable
    Kept get(CacheKey key) {
        Kept kept = entries.getIfPresent(key.text());
        if (kept != null) {
            kept.asked();
        }
        return kept;
    }

    /** Keeps the one whose making began later: a slow computation does not replace what was begun after a change. */
    void put(CacheKey key, Kept kept) {
        int weight = weight(key.text(), kept);
        if (weight > endpointBytes || (key.isVariant() && weight > largeVariant && isFirstComputation(key))) {
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

    private boolean isFirstComputation(CacheKey key) {
        return !entries.asMap().containsKey(key.text())
                && computedOnce.asMap().putIfAbsent(key.text(), Boolean.TRUE) == null;
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

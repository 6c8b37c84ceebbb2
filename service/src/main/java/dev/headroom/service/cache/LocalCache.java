package dev.headroom.service.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.headroom.service.cache.entry.CacheKey;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The level in this process: bounded by bytes, evicting what is asked for least. Nothing expires in here: how far an entry
 * may be used is looked at when it is read.
 */
final class LocalCache {
    private final Cache<String, Kept> entries;

    LocalCache(long maximumBytes) {
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maximumBytes)
                .<String, Kept>weigher(
                        (key, kept) -> 2 * key.length() + kept.entry().weight())
                .executor(Runnable::run) // maintenance is short, and a common pool starves under load
                .build();
    }

    @Nullable
    Kept get(CacheKey key) {
        return entries.getIfPresent(key.text());
    }

    /** Keeps the one whose making began later: a slow computation does not replace what was begun after a change. */
    void put(CacheKey key, Kept kept) {
        entries.asMap().merge(key.text(), kept, (there, late) -> late.beganBefore(there) ? there : late);
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

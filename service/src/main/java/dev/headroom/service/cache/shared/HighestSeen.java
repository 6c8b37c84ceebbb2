package dev.headroom.service.cache.shared;

import dev.headroom.service.cache.entry.CacheKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The highest generation seen of each table: Redis restarted from an older dump is known by a lower one. */
final class HighestSeen {
    /** Generations are times in microseconds; the scripts make anew what is beyond this, where they cannot count exactly. */
    private static final long LAST = 9_000_000_000_000_000L;

    private final Map<String, Long> highest = new ConcurrentHashMap<>();

    static boolean isPossible(long generation) {
        return generation >= 0 && generation < LAST;
    }

    void remember(String table, String generation) {
        long seen = Long.parseLong(generation);
        if (isPossible(seen)) {
            highest.merge(table, seen, Math::max);
        }
    }

    long ofAll() {
        return highest.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** To be noted before Redis is asked: its answer cannot be behind these, only behind what is seen meanwhile. */
    List<Long> of(CacheKey key) {
        return key.tables().stream()
                .map(table -> highest.getOrDefault(table, 0L))
                .toList();
    }

    /** Whether the stamp that came is behind what had been seen; what is in it is seen now. */
    boolean isAbove(CacheKey key, String stamp, List<Long> seen) {
        String[] generations = stamp.split(",", -1);
        boolean back = false;
        for (int i = 0; i < seen.size(); i++) {
            remember(key.tables().get(i), generations[i]);
            back |= Long.parseLong(generations[i]) < seen.get(i);
        }
        return back;
    }
}

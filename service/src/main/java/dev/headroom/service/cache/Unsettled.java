package dev.headroom.service.cache;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.cache.shared.SharedCache;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Changes that were heard here and that Redis has not counted yet. Until it has, what Redis holds for these tables may be
 * older than what was heard, so nobody asks it.
 */
final class Unsettled {
    /** More than that are anything: names can be made up, and Redis can be away for long. */
    static final int MOST = 10_000;

    /** The latest notice of each table; counting that one counts all before it. */
    private final Map<String, String> notices = new ConcurrentHashMap<>();

    private final AtomicReference<@Nullable String> everything = new AtomicReference<>();
    /** Whether Redis did not acknowledge something the last time. */
    private volatile boolean refused;

    boolean has(CacheKey key) {
        if (everything.get() != null) {
            return true;
        }
        if (notices.isEmpty()) {
            return false;
        }
        for (String table : key.tables()) {
            if (notices.containsKey(table) || table.equals(CacheKey.ANY_TABLE)) {
                return true;
            }
        }
        return false;
    }

    /** The same where it can be expected to be over soon. */
    boolean isOnItsWay(CacheKey key) {
        return !refused && has(key);
    }

    void add(String table, String notice) {
        if (notices.size() < MOST || notices.containsKey(table)) {
            notices.put(table, notice);
        } else {
            addAll("many:" + table + '@' + notice);
        }
    }

    /** Any table may have changed. */
    void addAll(String notice) {
        everything.set(notice);
    }

    /** Tries to have everything counted; what is not acknowledged stays. */
    void settle(SharedCache shared) {
        String all = everything.get();
        boolean done = all == null || shared.countAll(all);
        if (done) {
            everything.compareAndSet(all, null);
        }
        for (var each : List.copyOf(notices.entrySet())) {
            // Together with any table, also where no answer here depends on that: Redis may have such an answer, of an
            // instance that did not hear this change. Under this change's name, so that the fleet counts it once.
            boolean counted =
                    shared.count(each.getKey() + '@' + each.getValue(), List.of(each.getKey(), CacheKey.ANY_TABLE));
            if (counted) {
                notices.remove(each.getKey(), each.getValue());
            }
            done &= counted;
        }
        refused = !done;
    }

    boolean isEmpty() {
        return notices.isEmpty() && everything.get() == null;
    }
}

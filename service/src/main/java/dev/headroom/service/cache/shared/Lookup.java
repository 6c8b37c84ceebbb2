package dev.headroom.service.cache.shared;

import dev.headroom.service.cache.entry.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What the shared level says of a key.
 *
 * @param entry a current entry, fresh or stale; null where there is none
 * @param hasOlder whether Redis has an answer from before a change, to be had with {@link SharedCache#findOutdated}
 * @param holder what the lease in Redis says where it is ours; each look-up has a name of its own, in this process as well
 * @param stamp the generations in Redis at the look-up: what a write has to name
 * @param began Redis' clock at the look-up, in milliseconds
 */
public record Lookup(
        @Nullable Entry entry, long ageMillis, boolean hasOlder, Lease lease, String holder, String stamp, long began) {
    /** Who may compute. */
    public enum Lease {
        OURS,
        ANOTHERS,
        /**
         * None was asked for, the entry being fresh; or Redis cannot give one (full, or a read-only replica), or did not
         * answer: who computes all the same waits for nobody.
         */
        NONE
    }

    public static final Lookup UNAVAILABLE = new Lookup(null, -1, false, Lease.NONE, "", "", 0);

    /** Whether Redis has something under this key that is no entry. */
    boolean isUnreadable() {
        return entry == null && ageMillis >= 0;
    }

    /** How much came with it. */
    long bytes() {
        return entry == null ? 0 : entry.weight();
    }

    public boolean answered() {
        return began > 0;
    }
}

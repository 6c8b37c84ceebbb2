package dev.headroom.service.cache;

import org.jspecify.annotations.Nullable;

/**
 * What the shared level says of a key.
 *
 * @param entry a current entry, fresh or stale; null where there is none
 * @param stamp the generations in Redis at the look-up: what a write has to name
 * @param began Redis' clock at the look-up, in milliseconds
 */
record Lookup(@Nullable Entry entry, long ageMillis, Lease lease, String stamp, long began) {
    /** Who may compute. */
    enum Lease {
        OURS,
        ANOTHERS,
        /** Redis cannot give one (full, or a read-only replica), or did not answer: compute, and do not wait for anyone. */
        NONE
    }

    static final Lookup UNAVAILABLE = new Lookup(null, -1, Lease.NONE, "", 0);

    boolean answered() {
        return began > 0;
    }
}

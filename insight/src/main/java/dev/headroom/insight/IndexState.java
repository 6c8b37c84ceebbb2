package dev.headroom.insight;

/**
 * {@code valid}, {@code ready} and {@code live} as pg_index has them; {@code changing} while a CREATE, REINDEX or DROP
 * INDEX CONCURRENTLY that may still change them is running.
 */
public record IndexState(boolean valid, boolean ready, boolean live, boolean changing) {
    public static final IndexState VALID = new IndexState(true, true, true, false);

    /** True when the planner may use it. */
    public boolean usable() {
        return valid && ready && live;
    }
}

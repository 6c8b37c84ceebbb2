package dev.headroom.service.database.settings;

/** How many connections a pool may hold, and how many it keeps ready. */
public record PoolSize(int maximum, int minimumIdle) {
    public PoolSize {
        if (maximum < 1 || minimumIdle < 0 || minimumIdle > maximum) {
            throw new IllegalArgumentException("a pool holds at least 1 connection and keeps between 0 and its maximum"
                    + " ready; got maximum " + maximum + ", minimum idle " + minimumIdle);
        }
    }
}

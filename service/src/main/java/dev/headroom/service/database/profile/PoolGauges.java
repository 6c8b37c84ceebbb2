package dev.headroom.service.database.profile;

/** A pool at one moment: its size in force, connections in use and ready, and calls that wait for one. */
public record PoolGauges(int max, int active, int idle, int pending) {
    public int total() {
        return active + idle;
    }
}

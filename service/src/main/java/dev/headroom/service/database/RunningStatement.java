package dev.headroom.service.database;

import java.util.List;

/** A statement on its way: whose it is, and since when. */
record RunningStatement(String name, List<Param> params, long waitedNanos, long beganNanos) {

    static RunningStatement now(String name, List<Param> params, long waitedNanos) {
        return new RunningStatement(name, params, waitedNanos, System.nanoTime());
    }

    long ranNanos() {
        return System.nanoTime() - beganNanos;
    }
}

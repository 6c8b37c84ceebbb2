package dev.headroom.service.database.profile;

import dev.headroom.service.database.statement.Param;
import java.util.List;

/** A statement on its way: whose it is, and since when. */
public record RunningStatement(String name, List<Param> params, long waitedNanos, long beganNanos) {

    public static RunningStatement now(String name, List<Param> params, long waitedNanos) {
        return new RunningStatement(name, params, waitedNanos, System.nanoTime());
    }

    public long ranNanos() {
        return System.nanoTime() - beganNanos;
    }
}

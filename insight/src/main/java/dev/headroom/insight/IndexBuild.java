package dev.headroom.insight;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A CREATE INDEX or REINDEX that is running, as pg_stat_progress_create_index has it. What another role's session builds is
 * null without {@code pg_read_all_stats}. {@code lockerPid} is whom it waits for.
 */
public record IndexBuild(
        int pid,
        @Nullable Name table,
        @Nullable Name index,
        @Nullable String command,
        @Nullable String phase,
        long lockersTotal,
        long lockersDone,
        @Nullable Integer lockerPid,
        long blocksTotal,
        long blocksDone,
        long tuplesTotal,
        long tuplesDone,
        long partitionsTotal,
        long partitionsDone) {

    /** How much of the current phase is done, where the phase counts at all. */
    public OptionalDouble phaseDone() {
        return blocksTotal > 0 ? share(blocksDone, blocksTotal) : share(tuplesDone, tuplesTotal);
    }

    private static OptionalDouble share(long done, long total) {
        return total > 0 ? OptionalDouble.of(Math.min(1.0, (double) done / total)) : OptionalDouble.empty();
    }
}

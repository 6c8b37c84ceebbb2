package dev.headroom.insight.findings;

import dev.headroom.insight.UsageSnapshot;
import dev.headroom.insight.UsageSnapshot.IndexUse;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was used between two snapshots. A statistics reset in between restarts the window at the reset; a counter that
 * went backwards without one means that other statistics answer now (a failover, a crash), and restarts it at once.
 * Indexes that only one of the snapshots knows are not judged; one that came to the first snapshot later has a window of its own.
 */
public record UsageWindow(Instant since, Instant until, Map<Long, IndexUse> uses) {
    private static final IndexUse NONE = new IndexUse(0, 0);

    public static UsageWindow between(UsageSnapshot before, UsageSnapshot after) {
        boolean reset = !Objects.equals(before.statsReset(), after.statsReset());
        Instant since = reset ? Objects.requireNonNullElse(after.statsReset(), after.takenAt()) : before.takenAt();
        if (!reset && wentBackwards(before, after)) {
            return between(after, after);
        }
        Map<Long, IndexUse> uses = after.uses().entrySet().stream()
                .filter(entry -> before.uses().containsKey(entry.getKey()))
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> minus(
                                entry.getValue(),
                                reset
                                        ? NONE
                                        : Objects.requireNonNull(before.uses().get(entry.getKey())))));
        return new UsageWindow(since.isBefore(before.takenAt()) ? before.takenAt() : since, after.takenAt(), uses);
    }

    /** When something that was used so much began to be watched. */
    Instant since(IndexUse use) {
        return use.since() != null && use.since().isAfter(since) ? use.since() : since;
    }

    Optional<IndexUse> useOf(long oid) {
        return Optional.ofNullable(uses.get(oid));
    }

    private static boolean wentBackwards(UsageSnapshot before, UsageSnapshot after) {
        return after.uses().entrySet().stream().anyMatch(entry -> {
            IndexUse was = before.uses().getOrDefault(entry.getKey(), NONE);
            return entry.getValue().scans() < was.scans() || entry.getValue().tableReads() < was.tableReads();
        });
    }

    private static IndexUse minus(IndexUse now, IndexUse then) {
        return new IndexUse(
                now.scans() - then.scans(),
                now.tableReads() - then.tableReads(),
                now.lastScan(),
                now.lastTableRead(),
                then.since());
    }
}

package dev.headroom.operator.index;

import dev.headroom.insight.Index;
import dev.headroom.insight.Structure;
import dev.headroom.insight.UsageSnapshot;
import dev.headroom.insight.UsageSnapshot.IndexUse;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus.UnusedIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches the use of the indexes of one resource. The window begins at the first look, or where the status says that an earlier
 * process began. Of that beginning the status keeps only the indexes that were not used since, so the status changes when one of
 * them is used. An index that is not in there, because it came later or is beyond the bounds of the status, begins when it is first
 * seen. All of it is about one database of one server.
 */
final class IndexUsage {

    private static final Duration MOVES_EVERY = Duration.ofMinutes(1);
    private static final int REMEMBERED = 100;

    private @Nullable UsageSnapshot first;
    private @Nullable UsageWindow window;
    private Instant movedAt = Instant.EPOCH;

    /** Moves on once in a while, not at each look, since each difference is a write of the status. */
    synchronized UsageWindow window(
            UsageSnapshot use, Collection<Index> indexes, Instant now, @Nullable DbPerformanceStatus remembered) {
        if (window != null && now.isBefore(movedAt.plus(MOVES_EVERY))) {
            return window;
        }
        if (first == null) {
            first = remembered == null || remembered.usage() == null ? use : snapshot(remembered.usage(), indexes, use);
        }
        first = first.withNew(use);
        UsageWindow next = UsageWindow.between(first, use);
        if (next.since().isAfter(first.takenAt())) {
            first = use;
        }
        movedAt = now;
        window = next;
        return next;
    }

    /** For the status; null before the first look. */
    synchronized @Nullable UsageStatus status(Structure structure) {
        if (first == null || window == null) {
            return null;
        }
        List<UnusedIndex> unused = new ArrayList<>();
        for (Index index : structure.indexes()) {
            IndexUse since = window.uses().get(index.oid());
            IndexUse before = first.uses().get(index.oid());
            if (since != null
                    && before != null
                    && before.since() == null
                    && since.scans() == 0
                    && since.lastScan() == null
                    && unused.size() < REMEMBERED) {
                unused.add(new UnusedIndex(index.name().toString(), index.oid(), before.scans(), before.tableReads()));
            }
        }
        Instant reset = first.statsReset();
        return unused.isEmpty()
                ? null
                : new UsageStatus(first.takenAt().toString(), reset == null ? null : reset.toString(), unused);
    }

    /**
     * What is remembered of another database has other oids. A beginning that somebody edited to nonsense is none: the window begins
     * now.
     */
    private static UsageSnapshot snapshot(UsageStatus remembered, Collection<Index> indexes, UsageSnapshot now) {
        Map<Long, String> names = new HashMap<>();
        indexes.forEach(index -> names.put(index.oid(), index.name().toString()));
        Map<Long, IndexUse> uses = new HashMap<>();
        remembered.unused().stream()
                .filter(each -> each.index().equals(names.get(each.oid())))
                .forEach(each -> uses.put(each.oid(), new IndexUse(each.scans(), each.tableReads())));
        if (uses.isEmpty()) {
            return now;
        }
        try {
            return new UsageSnapshot(
                    Instant.parse(remembered.sinceTime()),
                    remembered.statsResetTime() == null ? null : Instant.parse(remembered.statsResetTime()),
                    uses);
        } catch (DateTimeParseException e) {
            return now;
        }
    }
}

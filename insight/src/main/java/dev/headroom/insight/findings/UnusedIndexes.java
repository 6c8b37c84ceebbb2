package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Structure;
import dev.headroom.insight.UsageSnapshot.IndexUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Indexes that no query used while their tables were read, over a window long enough to mean something. Never one that
 * guarantees something, nor one that carries a foreign key: that one waits for a DELETE.
 */
final class UnusedIndexes {
    private final Structure structure;
    private final UsageWindow window;
    private final Duration atLeast;

    UnusedIndexes(Structure structure, UsageWindow window, Duration atLeast) {
        this.structure = structure;
        this.window = window;
        this.atLeast = atLeast;
    }

    List<Finding> findings() {
        return indexes().stream().map(this::finding).sorted(Finding.ORDER).toList();
    }

    List<Index> indexes() {
        return structure.indexes().stream()
                .filter(this::onlyForSpeed)
                .filter(index -> unusedInWindow(index) || unusedSinceLastScan(index))
                .toList();
    }

    private boolean onlyForSpeed(Index index) {
        return index.state().usable()
                && !index.state().changing()
                && !index.role().guarantees()
                && index.parentIndex().isEmpty()
                && structure.foreignKeysOf(index.table()).stream().noneMatch(key -> ForeignKeyFit.usable(index, key));
    }

    private boolean unusedInWindow(Index index) {
        return !window.since(use(index)).plus(atLeast).isAfter(window.until())
                && window.useOf(index.oid()).isPresent()
                && use(index).scans() == 0
                && use(index).tableReads() > 0;
    }

    /** Where the server itself remembers the last scan, nobody has to have watched. */
    private boolean unusedSinceLastScan(Index index) {
        Instant scanned = use(index).lastScan();
        Instant read = use(index).lastTableRead();
        return scanned != null
                && read != null
                && scanned.isBefore(window.until().minus(atLeast))
                && read.isAfter(scanned);
    }

    /** Scans of a partitioned index are counted where they happen: on what is attached below it. */
    private IndexUse use(Index index) {
        return Stream.concat(Stream.of(index), structure.attachedBelow(index))
                .map(each -> window.useOf(each.oid()))
                .flatMap(Optional::stream)
                .reduce(new IndexUse(0, 0), IndexUse::plus);
    }

    private Finding finding(Index index) {
        long bytes = Stream.concat(Stream.of(index), structure.attachedBelow(index))
                .mapToLong(Index::bytes)
                .sum();
        IndexUse use = use(index);
        Instant watched = window.since(use);
        Instant since = Objects.requireNonNullElse(use.lastScan(), watched);
        String reads = since.equals(watched) ? "was read " + use.tableReads() + " times" : "was read since";
        String evidence = "no scan since " + since + " ("
                + Duration.between(since, window.until()).toHours() + " h), while "
                + index.table() + " " + reads + "; it takes " + Finding.size(bytes)
                + " and costs every write. Scans on replicas are not counted here: look there before dropping it."
                + " To have it back: " + OnlineDdl.restore(index, structure);
        return new Finding(
                Finding.Kind.UNUSED_INDEX,
                index.name().toString(),
                Finding.Severity.LOW,
                evidence,
                OnlineDdl.drop(index));
    }
}

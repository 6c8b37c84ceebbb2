package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Structure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Everything we would say about a database's indexes, the gravest first. */
public final class Findings {
    /** A month's closing and a week's report both use indexes that a quiet day does not. */
    public static final Duration UNUSED_FOR = Duration.ofDays(7);

    private Findings() {}

    public static List<Finding> in(Structure structure, Optional<UsageWindow> window) {
        return in(structure, window, UNUSED_FOR);
    }

    public static List<Finding> in(Structure structure, Optional<UsageWindow> window, Duration unusedFor) {
        List<Index> unused =
                window.map(seen -> UnusedIndexes.of(structure, seen, unusedFor)).orElse(List.of());
        List<Finding> unusedFindings =
                window.map(seen -> UnusedIndexes.in(structure, seen, unusedFor)).orElse(List.of());
        return Stream.of(
                        InvalidIndexes.in(structure).stream(),
                        MissingForeignKeyIndexes.in(structure).stream().map(MissingForeignKeyIndex::finding),
                        RedundantIndexes.of(without(structure.indexes(), unused)).stream(),
                        unusedFindings.stream())
                .flatMap(each -> each)
                .sorted(Finding.ORDER)
                .toList();
    }

    /** What may go as unused is nothing to rely on: else one proposal would drop the cover of another. */
    private static List<Index> without(List<Index> indexes, List<Index> unused) {
        Set<Index> going = new HashSet<>(unused);
        return indexes.stream().filter(index -> !going.contains(index)).toList();
    }
}

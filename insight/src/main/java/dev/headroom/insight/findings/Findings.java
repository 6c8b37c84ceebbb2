package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import dev.headroom.insight.findings.MissingForeignKeyIndexes.MissingForeignKeyIndex;
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

    /**
     * {@code planned} will be there soon: whatever it serves is not missing, and of it itself there is nothing to say yet. Of two
     * equal indexes a {@code declared} one is kept.
     */
    public static List<Finding> in(
            Structure structure, List<Index> planned, Set<Name> declared, Optional<UsageWindow> window) {
        Optional<UnusedIndexes> unused = window.map(seen -> new UnusedIndexes(structure, seen, UNUSED_FOR));
        List<Index> relied =
                without(structure.indexes(), unused.map(UnusedIndexes::indexes).orElse(List.of()));
        return Stream.of(
                        InvalidIndexes.in(structure),
                        MissingForeignKeyIndexes.in(structure.with(planned)).stream()
                                .map(MissingForeignKeyIndex::finding)
                                .toList(),
                        RedundantIndexes.of(structure, relied, declared),
                        unused.map(UnusedIndexes::findings).orElse(List.of()))
                .flatMap(List::stream)
                .sorted(Finding.ORDER)
                .toList();
    }

    /** What may go as unused is nothing to rely on: else one proposal would drop the cover of another. */
    private static List<Index> without(List<Index> indexes, List<Index> unused) {
        Set<Index> going = new HashSet<>(unused);
        return indexes.stream().filter(index -> !going.contains(index)).toList();
    }
}

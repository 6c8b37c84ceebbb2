package dev.headroom.operator.index;

import dev.headroom.insight.Index;
import dev.headroom.insight.Structure;
import dev.headroom.insight.findings.Finding;
import dev.headroom.insight.findings.Findings;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.crd.FindingStatus;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeys;
import dev.headroom.operator.index.look.Observation;
import dev.headroom.operator.index.plan.Names;
import dev.headroom.operator.index.plan.PlannedIndexes;
import java.util.List;
import java.util.Optional;

/**
 * What insight finds, in the words of the status. What we are about to build, finish or remove ourselves is no finding:
 * whoever ran the suggestions beside the plan would have every such index twice.
 */
final class FindingTexts {
    private FindingTexts() {}

    static List<FindingStatus> of(Observation seen, Optional<UsageWindow> window, ForeignKeys foreignKeys) {
        Structure structure = seen.structure();
        List<Index> settled = structure.indexes().stream()
                .filter(index -> !Names.isTransient(index.name().name()))
                .toList();
        Structure judged = new Structure(settled, structure.foreignKeys(), structure.partitions());
        List<Index> planned = PlannedIndexes.of(seen.planner(), seen.plan(), structure.partitionTree());
        return Findings.in(judged, planned, window).stream()
                .filter(finding ->
                        foreignKeys != ForeignKeys.IGNORE || finding.kind() != Finding.Kind.FOREIGN_KEY_WITHOUT_INDEX)
                .map(FindingTexts::status)
                .toList();
    }

    private static FindingStatus status(Finding finding) {
        return new FindingStatus(
                switch (finding.kind()) {
                    case INVALID_INDEX -> "InvalidIndex";
                    case FOREIGN_KEY_WITHOUT_INDEX -> "ForeignKeyWithoutIndex";
                    case DUPLICATE_INDEX -> "DuplicateIndex";
                    case REDUNDANT_INDEX -> "RedundantIndex";
                    case UNUSED_INDEX -> "UnusedIndex";
                },
                finding.object(),
                switch (finding.severity()) {
                    case LOW -> "Info";
                    case MEDIUM -> "Warning";
                    case HIGH -> "Critical";
                },
                finding.evidence(),
                finding.suggestion());
    }
}

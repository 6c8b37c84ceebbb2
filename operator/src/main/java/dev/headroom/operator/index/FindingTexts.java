package dev.headroom.operator.index;

import static java.util.stream.Collectors.toSet;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import dev.headroom.insight.findings.Finding;
import dev.headroom.insight.findings.Findings;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.index.look.Observer.Observation;
import dev.headroom.operator.index.plan.ForeignKeyIndexes;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.Names;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Simulation;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What insight finds, in the words of the status. What we are about to build, finish or remove ourselves is no finding:
 * whoever ran the suggestions beside the plan would have every such index twice. Nothing that is declared is ever suggested to be
 * dropped: it would be built again.
 */
final class FindingTexts {
    private FindingTexts() {}

    static List<FindingStatus> of(
            Observation seen, Owner owner, Optional<UsageWindow> window, ForeignKeysSpec foreignKeys) {
        Structure structure = seen.structure();
        List<Index> judged = structure.indexes().stream()
                .filter(index -> !Names.isTransient(index.name().name()) || isOrphan(index, owner))
                .toList();
        List<Index> planned = Simulation.planned(seen.planner(), seen.plan(), structure.partitionTree());
        Set<Name> declared = declared(seen.plan());
        Set<String> declaredNames = declared.stream().map(Name::toString).collect(toSet());
        return Findings.in(
                        new Structure(
                                judged,
                                ForeignKeyIndexes.considered(foreignKeys, structure.foreignKeys()),
                                structure.partitions()),
                        planned,
                        declared,
                        window)
                .stream()
                .map(FindingTexts::status)
                .map(finding -> declaredNames.contains(finding.object()) ? withoutDrop(finding) : finding)
                .toList();
    }

    /** A failed build of a resource that is not this one: a living one removes it soon, of another nobody would. */
    private static boolean isOrphan(Index index, Owner owner) {
        return !index.state().usable()
                && !index.state().changing()
                && !Names.isOf(owner, index.name().name());
    }

    private static Set<Name> declared(IndexPlan plan) {
        Set<Name> declared = new HashSet<>();
        for (IndexPlan.Entry entry : plan.entries()) {
            if (entry.origin() != Origin.REMOVED && entry.decision() instanceof Decision.Satisfied satisfied) {
                declared.add(satisfied.by().name());
            }
        }
        return declared;
    }

    private static FindingStatus withoutDrop(FindingStatus finding) {
        return new FindingStatus(
                finding.kind(),
                finding.object(),
                finding.severity(),
                finding.evidence() + ". It is declared: to have it dropped, remove it from the spec",
                null);
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

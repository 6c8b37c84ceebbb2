package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.operator.index.plan.Desired.Placed;
import dev.headroom.operator.index.plan.Expectation.Known;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The indexes that a plan will build, one for each table that will hold a part of it. */
public final class PlannedIndexes {
    private PlannedIndexes() {}

    /** Without those that wait for a person: refused ones and another resource's. */
    public static List<Index> of(IndexPlanner planner, IndexPlan plan, PartitionTree partitions) {
        Set<String> planned = new HashSet<>();
        for (IndexPlan.Entry entry : plan.entries()) {
            if (entry.decision() instanceof Decision.Act || entry.decision() instanceof Decision.Await) {
                planned.add(entry.key());
            }
        }
        List<Index> indexes = new ArrayList<>();
        for (Desired each : planner.desired()) {
            if (each instanceof Placed(WantedIndex wanted, Known known)
                    && planned.contains(
                            IndexPlan.key(wanted.name(), wanted.table().toString()))) {
                Stream.concat(Stream.of(wanted.table()), partitions.leaves(wanted.table()).stream())
                        .map(table -> planned(wanted, known, table))
                        .forEach(indexes::add);
            }
        }
        return indexes;
    }

    private static Index planned(WantedIndex wanted, Known known, Name table) {
        String name = table.equals(wanted.table()) ? wanted.name() : Names.ofPartition(wanted, table.name());
        return Simulation.planned(0, new Name(table.schema(), name), table, wanted, known, false);
    }
}

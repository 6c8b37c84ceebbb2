package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.IndexRole;
import dev.headroom.insight.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.operator.index.plan.Desired.Placed;
import dev.headroom.operator.index.plan.Expectation.Known;
import java.util.List;
import java.util.stream.Stream;

/** The indexes that a plan ends with and that are not there yet, one for each table that will hold a part of it. */
public final class Coming {
    private Coming() {}

    /** What waits for a person (refused, another resource's) is not coming. */
    public static List<Index> of(List<Desired> desired, IndexPlan plan, PartitionTree partitions) {
        return desired.stream()
                .filter(Placed.class::isInstance)
                .map(Placed.class::cast)
                .filter(placed -> isOnItsWay(placed.wanted(), plan))
                .flatMap(placed -> placed.expectation() instanceof Known known
                        ? parts(placed.wanted(), known, partitions)
                        : Stream.empty())
                .toList();
    }

    private static boolean isOnItsWay(WantedIndex wanted, IndexPlan plan) {
        return plan.entry(wanted.name(), wanted.table().toString())
                .map(IndexPlan.Entry::decision)
                .filter(each -> each instanceof Decision.Act || each instanceof Decision.Await)
                .isPresent();
    }

    private static Stream<Index> parts(WantedIndex wanted, Known known, PartitionTree partitions) {
        return Stream.concat(Stream.of(wanted.table()), partitions.leaves(wanted.table()).stream())
                .map(table -> built(wanted, known, table));
    }

    private static Index built(WantedIndex wanted, Known known, Name table) {
        String name = table.equals(wanted.table()) ? wanted.name() : Names.ofPartition(wanted, table.name());
        return new Index(
                0,
                new Name(table.schema(), name),
                table,
                known.shape(),
                new IndexRole(known.unique(), known.nullsNotDistinct(), false, null, false, false),
                IndexState.VALID,
                false,
                null,
                wanted.createConcurrently(name, table),
                0,
                0,
                null);
    }
}

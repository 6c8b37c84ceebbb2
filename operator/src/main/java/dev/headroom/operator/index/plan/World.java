package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What there is in a database at one moment, as far as indexes go.
 *
 * @param otherRelations names in the same namespace that are no index, with what they are
 */
public record World(
        Map<Name, TableFacts> tables, List<Index> indexes, PartitionTree partitions, Map<Name, String> otherRelations) {

    public World {
        tables = Map.copyOf(tables);
        indexes = List.copyOf(indexes);
        otherRelations = Map.copyOf(otherRelations);
    }

    public Optional<Index> index(Name name) {
        return indexes.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    Stream<Index> on(Name table) {
        return indexes.stream().filter(each -> each.table().equals(table));
    }

    Optional<Index> partOf(Index parent, Name partition) {
        return on(partition).filter(each -> parent.name().equals(each.parent())).findFirst();
    }

    World with(Index index) {
        List<Index> more = new ArrayList<>(indexes);
        more.add(index);
        return withIndexes(more);
    }

    World without(Index index) {
        return withIndexes(indexes.stream().filter(each -> !each.equals(index)).toList());
    }

    World changed(UnaryOperator<Index> change) {
        return withIndexes(indexes.stream().map(change).toList());
    }

    private World withIndexes(List<Index> others) {
        return new World(tables, others, partitions, otherRelations);
    }
}

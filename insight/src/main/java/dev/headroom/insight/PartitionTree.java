package dev.headroom.insight;

import static java.util.stream.Collectors.groupingBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Partitions by the table they belong to. */
public final class PartitionTree {
    private final Map<Name, List<Partition>> byParent;

    public PartitionTree(List<Partition> partitions) {
        byParent = partitions.stream().collect(groupingBy(Partition::parent));
    }

    /** The partitions right below a table; none when it is no partitioned table. */
    public List<Partition> children(Name table) {
        return byParent.getOrDefault(table, List.of());
    }

    /** The partitions that hold this table's rows on this server. */
    public List<Name> leaves(Name table) {
        return children(table).stream().flatMap(this::leavesBelow).toList();
    }

    private Stream<Name> leavesBelow(Partition partition) {
        if (partition.foreign()) {
            return Stream.empty();
        }
        return partition.leaf() ? Stream.of(partition.table()) : leaves(partition.table()).stream();
    }
}

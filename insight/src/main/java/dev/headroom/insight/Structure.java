package dev.headroom.insight;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the findings are made from: the indexes, foreign keys and partitions of some schemas. */
public record Structure(List<Index> indexes, List<ForeignKey> foreignKeys, List<Partition> partitions) {
    public Structure {
        indexes = List.copyOf(indexes);
        foreignKeys = List.copyOf(foreignKeys);
        partitions = List.copyOf(partitions);
    }

    /** A partition that lies in another schema than its table belongs to the table; its neighbours there do not. */
    public static Structure of(Connection connection, Collection<String> schemas) throws SQLException {
        List<Partition> partitions = Partitions.of(connection, schemas);
        Set<Name> attached = partitions.stream().map(Partition::table).collect(toSet());
        Set<String> asked = Set.copyOf(schemas);
        Set<String> all = new HashSet<>(asked);
        attached.forEach(table -> all.add(table.schema()));
        return new Structure(
                Indexes.of(connection, all).stream()
                        .filter(index -> asked.contains(index.table().schema()) || attached.contains(index.table()))
                        .toList(),
                ForeignKeys.of(connection, all).stream()
                        .filter(key -> asked.contains(key.table().schema()) || attached.contains(key.table()))
                        .toList(),
                partitions);
    }

    public Structure with(List<Index> more) {
        return new Structure(Stream.concat(indexes.stream(), more.stream()).toList(), foreignKeys, partitions);
    }

    public Map<Name, List<Index>> indexesByTable() {
        return indexes.stream().collect(groupingBy(Index::table));
    }

    public PartitionTree partitionTree() {
        return new PartitionTree(partitions);
    }

    /** The indexes attached below a partitioned index, at every level; none for any other. */
    public Stream<Index> attachedBelow(Index parent) {
        return indexes.stream()
                .filter(index -> parent.name().equals(index.parent()))
                .flatMap(index -> Stream.concat(Stream.of(index), attachedBelow(index)));
    }
}

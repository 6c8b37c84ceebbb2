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
public final class Structure {
    private final List<Index> indexes;
    private final List<ForeignKey> foreignKeys;
    private final List<Partition> partitions;
    private final PartitionTree partitionTree;
    private final Map<Name, List<Index>> indexesByTable;
    private final Map<Name, List<Index>> partsByParent;
    private final Map<Name, List<ForeignKey>> foreignKeysByTable;

    public Structure(List<Index> indexes, List<ForeignKey> foreignKeys, List<Partition> partitions) {
        this.indexes = List.copyOf(indexes);
        this.foreignKeys = List.copyOf(foreignKeys);
        this.partitions = List.copyOf(partitions);
        this.partitionTree = new PartitionTree(partitions);
        this.indexesByTable = indexes.stream().collect(groupingBy(Index::table));
        this.partsByParent = indexes.stream()
                .filter(index -> index.parent() != null)
                .collect(groupingBy(index -> index.parentIndex().orElseThrow()));
        this.foreignKeysByTable = foreignKeys.stream().collect(groupingBy(ForeignKey::table));
    }

    /**
     * A partition that lies in another schema than its table belongs to the table; its neighbours there do not. Of the indexes that
     * an earlier look at the same server found not long ago, which are {@code known}, only changes are read.
     */
    public static Structure of(Connection connection, Collection<String> schemas, Collection<Index> known)
            throws SQLException {
        List<Partition> partitions = Partition.of(connection, schemas);
        Set<Name> attached = partitions.stream().map(Partition::table).collect(toSet());
        Set<String> asked = Set.copyOf(schemas);
        Set<String> all = new HashSet<>(asked);
        attached.forEach(table -> all.add(table.schema()));
        return new Structure(
                Indexes.of(connection, all, known).stream()
                        .filter(index -> asked.contains(index.table().schema()) || attached.contains(index.table()))
                        .toList(),
                ForeignKey.of(connection, all).stream()
                        .filter(key -> asked.contains(key.table().schema()) || attached.contains(key.table()))
                        .toList(),
                partitions);
    }

    public Structure with(List<Index> more) {
        return new Structure(Stream.concat(indexes.stream(), more.stream()).toList(), foreignKeys, partitions);
    }

    public List<Index> indexes() {
        return indexes;
    }

    public List<Index> indexesOn(Name table) {
        return indexesByTable.getOrDefault(table, List.of());
    }

    public List<ForeignKey> foreignKeys() {
        return foreignKeys;
    }

    public List<ForeignKey> foreignKeysOf(Name table) {
        return foreignKeysByTable.getOrDefault(table, List.of());
    }

    public List<Partition> partitions() {
        return partitions;
    }

    public PartitionTree partitionTree() {
        return partitionTree;
    }

    /** The indexes attached right below a partitioned index. */
    public List<Index> parts(Index parent) {
        return partsByParent.getOrDefault(parent.name(), List.of());
    }

    /** The indexes attached below a partitioned index, at every level; none for any other. */
    public Stream<Index> attachedBelow(Index parent) {
        return parts(parent).stream().flatMap(index -> Stream.concat(Stream.of(index), attachedBelow(index)));
    }
}

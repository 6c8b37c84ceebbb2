package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables and indexes of a database at one moment. Every question is one look-up in a map, so that a plan costs time in
 * proportion to what is declared and what exists.
 *
 * <p>It changes: a {@link Simulation} plays steps on a copy, and a task brings it up to date for the tables that it works on.
 * So it belongs to one thread.
 */
public final class DatabaseState {
    private final Map<Name, TableFacts> tables;
    private final PartitionTree partitions;
    private final Map<Name, String> otherRelations;
    private final Map<Name, Index> byName = new LinkedHashMap<>();
    private final Map<Name, Map<Name, Index>> byTable = new HashMap<>();
    private final Map<Name, Map<Name, Index>> byParent = new HashMap<>();
    private final Map<Definition, Map<Name, Index>> byDefinition = new HashMap<>();
    private long highestOid;

    private record Definition(Name table, Known known) {}

    /** @param otherRelations names in the same namespace that are no index, with what they are */
    public DatabaseState(
            Map<Name, TableFacts> tables,
            Collection<Index> indexes,
            PartitionTree partitions,
            Map<Name, String> otherRelations) {
        this.tables = new HashMap<>(tables);
        this.partitions = partitions;
        this.otherRelations = new HashMap<>(otherRelations);
        indexes.forEach(this::put);
    }

    public DatabaseState copy() {
        return new DatabaseState(tables, byName.values(), partitions, otherRelations);
    }

    public List<Index> indexes() {
        return List.copyOf(byName.values());
    }

    public Map<Name, TableFacts> tables() {
        return tables;
    }

    public Optional<Index> index(Name name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<Index> indexesOn(Name table) {
        return byTable.getOrDefault(table, Map.of()).values();
    }

    PartitionTree partitions() {
        return partitions;
    }

    @Nullable
    TableFacts table(Name table) {
        return tables.get(table);
    }

    /** What else has this name; null when no other relation has it. */
    @Nullable
    String otherRelation(Name name) {
        return otherRelations.get(name);
    }

    /** The indexes on a table that are what this declaration would become. */
    Stream<Index> equalTo(Name table, Known known) {
        return byDefinition.getOrDefault(new Definition(table, known), Map.of()).values().stream();
    }

    Optional<Index> partOf(Index parent, Name partition) {
        return Optional.ofNullable(
                byParent.getOrDefault(parent.name(), Map.of()).get(partition));
    }

    List<Index> partsOf(Name parent) {
        return List.copyOf(byParent.getOrDefault(parent, Map.of()).values());
    }

    boolean hasAllParts(Index frame) {
        Map<Name, Index> parts = byParent.getOrDefault(frame.name(), Map.of());
        return parts.size() >= partitions.children(frame.table()).size()
                && parts.values().stream().allMatch(part -> part.state().valid());
    }

    long nextOid() {
        return highestOid + 1;
    }

    /** Takes over what a new look at some tables found; what it did not find is gone. */
    public void updateTables(Set<Name> looked, Collection<TableFacts> found) {
        looked.forEach(tables::remove);
        found.forEach(each -> tables.put(each.name(), each));
    }

    /** Takes over what a new look at these names found, as indexes and as anything else. */
    public void updateNames(Set<Name> looked, List<Index> found, Map<Name, String> others) {
        otherRelations.keySet().removeAll(looked);
        otherRelations.putAll(others);
        replace(looked, found);
    }

    /** Takes over what a new look found to be all indexes on some tables. */
    public void updateIndexes(Set<Name> looked, List<Index> found) {
        Set<Name> before = new HashSet<>();
        looked.forEach(table -> indexesOn(table).forEach(index -> before.add(index.name())));
        replace(before, found);
    }

    private void replace(Set<Name> before, List<Index> found) {
        Set<Name> gone = new HashSet<>(before);
        found.forEach(index -> gone.remove(index.name()));
        gone.forEach(each -> index(each).ifPresent(this::remove));
        found.forEach(this::put);
    }

    void put(Index index) {
        Index before = byName.get(index.name());
        if (index.equals(before)) {
            return;
        }
        if (before != null) {
            remove(before);
        }
        byName.put(index.name(), index);
        add(byTable, index.table(), index.name(), index);
        add(byDefinition, definition(index), index.name(), index);
        if (index.parent() != null) {
            add(byParent, index.parent(), index.table(), index);
        }
        highestOid = Math.max(highestOid, index.oid());
    }

    void remove(Index index) {
        byName.remove(index.name());
        take(byTable, index.table(), index.name());
        take(byDefinition, definition(index), index.name());
        if (index.parent() != null) {
            take(byParent, index.parent(), index.table());
        }
    }

    private static Definition definition(Index index) {
        return new Definition(index.table(), Known.of(index));
    }

    private static <K> void add(Map<K, Map<Name, Index>> map, K key, Name name, Index index) {
        map.computeIfAbsent(key, each -> new LinkedHashMap<>()).put(name, index);
    }

    private static <K> void take(Map<K, Map<Name, Index>> map, K key, Name name) {
        Map<Name, Index> ofKey = map.get(key);
        if (ofKey != null) {
            ofKey.remove(name);
            if (ofKey.isEmpty()) {
                map.remove(key);
            }
        }
    }

    /**
     * A table that indexes are wanted on.
     *
     * @param partitionKey the columns that rows are distributed by, {@link #EXPRESSION} for what is none; empty when the table is
     *     not partitioned
     * @param columns a digest of its columns and their types: while it stays the same, so does what an index would be
     * @param changes moves whenever rows were updated or deleted, which may have removed a duplicate key
     * @param obstacle why nothing can be built or dropped on it, with what to run against that; null when there is none
     */
    public record TableFacts(
            Name name,
            List<String> partitionKey,
            String columns,
            long changes,
            @Nullable String obstacle) {
        public static final String EXPRESSION = "(an expression)";

        public TableFacts {
            partitionKey = List.copyOf(partitionKey);
        }

        boolean partitioned() {
            return !partitionKey.isEmpty();
        }
    }
}

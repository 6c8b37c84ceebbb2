package dev.headroom.insight.findings;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.insight.Structure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Foreign keys that no index serves: deleting a referenced row, and joining along the key, read the whole table. */
public final class MissingForeignKeyIndexes {
    private final Structure structure;
    private final PartitionTree tree;
    private final Set<String> takenNames;

    private MissingForeignKeyIndexes(Structure structure) {
        this.structure = structure;
        this.tree = structure.partitionTree();
        this.takenNames = new HashSet<>();
        structure.indexes().forEach(index -> takenNames.add(index.name().name()));
    }

    public static List<MissingForeignKeyIndex> in(Structure structure) {
        return new MissingForeignKeyIndexes(structure).all();
    }

    private List<MissingForeignKeyIndex> all() {
        Map<Name, List<ForeignKey>> lacking = structure.foreignKeys().stream()
                .filter(this::declaredHere)
                .filter(key -> !uncovered(key).isEmpty())
                .collect(groupingBy(ForeignKey::table, TreeMap::new, toList()));
        return lacking.values().stream().flatMap(this::perIndex).toList();
    }

    /** Not one that comes with a partitioned table that we judge as a whole. */
    private boolean declaredHere(ForeignKey key) {
        return key.inheritedFrom()
                .map(parent -> structure.foreignKeysOf(parent).isEmpty())
                .orElse(true);
    }

    /** One index may serve several keys: the widest come first and take along those that begin them. */
    private Stream<MissingForeignKeyIndex> perIndex(List<ForeignKey> ofOneTable) {
        List<List<ForeignKey>> groups = new ArrayList<>();
        ofOneTable.stream()
                .sorted(Comparator.<ForeignKey>comparingInt(
                                key -> -key.columns().size())
                        .thenComparing(ForeignKey::name))
                .forEach(key -> groups.stream()
                        .filter(group -> begins(group.getFirst(), key))
                        .findFirst()
                        .orElseGet(() -> {
                            groups.add(new ArrayList<>());
                            return groups.getLast();
                        })
                        .add(key));
        return groups.stream().map(this::missing);
    }

    private static boolean begins(ForeignKey wide, ForeignKey narrow) {
        return Set.copyOf(wide.columns().subList(0, narrow.columns().size())).equals(Set.copyOf(narrow.columns()));
    }

    private MissingForeignKeyIndex missing(List<ForeignKey> keys) {
        ForeignKey key = keys.getFirst();
        List<String> columns = key.columns().stream().distinct().toList();
        List<Name> tables = keys.stream()
                .flatMap(each -> uncovered(each).stream())
                .distinct()
                .sorted()
                .toList();
        String name = IndexName.of(key.table().name(), columns, takenNames);
        takenNames.add(name);
        Finding finding = new Finding(
                Finding.Kind.FOREIGN_KEY_WITHOUT_INDEX,
                MissingForeignKeyIndex.object(key.table(), keys),
                ForeignKeyEvidence.severity(keys),
                ForeignKeyEvidence.text(key, tables, holders(key), structure),
                OnlineDdl.script(statements(key, name, columns, tables)));
        return new MissingForeignKeyIndex(key.table(), name, columns, keys, tables, finding);
    }

    private Stream<String> statements(ForeignKey key, String name, List<String> columns, List<Name> tables) {
        String tail = OnlineDdl.keys(columns);
        if (!key.partitioned()) {
            return Stream.of(OnlineDdl.create(name, key.table(), tail));
        }
        if (tables.size() == holders(key).size()) {
            return OnlineDdl.createPartitioned(name, key.table(), tail, tree, takenNames).stream();
        }
        return tables.stream()
                .map(table -> OnlineDdl.create(IndexName.of(table.name(), columns, takenNames), table, tail));
    }

    private List<Name> uncovered(ForeignKey key) {
        return holders(key).stream()
                .filter(table ->
                        structure.indexesOn(table).stream().noneMatch(index -> ForeignKeyFit.usable(index, key)))
                .toList();
    }

    /** The tables whose rows refer: the leaves of a partitioned table; the table itself while it has none. */
    private List<Name> holders(ForeignKey key) {
        List<Name> leaves = key.partitioned() ? tree.leaves(key.table()) : List.of();
        return leaves.isEmpty() ? List.of(key.table()) : leaves;
    }
}

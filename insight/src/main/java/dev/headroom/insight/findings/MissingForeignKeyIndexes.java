package dev.headroom.insight.findings;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Index;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Foreign keys that no index serves: deleting a referenced row, and joining along the key, read the whole table. */
public final class MissingForeignKeyIndexes {
    /** Below this a scan of the whole table costs about what an index look-up does. */
    private static final long SMALL_BYTES = 1 << 20;

    private static final int NEAR_MISSES_SHOWN = 3;
    private static final int TABLES_SHOWN = 5;

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
        String name = OnlineDdl.freeName(key.table().name(), columns, takenNames);
        takenNames.add(name);
        Finding finding = new Finding(
                Finding.Kind.FOREIGN_KEY_WITHOUT_INDEX,
                MissingForeignKeyIndex.object(key.table(), keys),
                severity(keys),
                evidence(key, tables),
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
                .map(table -> OnlineDdl.create(OnlineDdl.freeName(table.name(), columns, takenNames), table, tail));
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

    private static Finding.Severity severity(List<ForeignKey> keys) {
        boolean small = keys.stream().noneMatch(key -> key.partitioned() || key.bytes() >= SMALL_BYTES);
        return small ? Finding.Severity.LOW : Finding.Severity.MEDIUM;
    }

    /** Which look-ups suffer, and which indexes come near and why they fail. */
    private String evidence(ForeignKey key, List<Name> lacking) {
        String columns = String.join(", ", key.columns());
        return "no usable index begins with (" + columns + ")" + where(key, lacking)
                + ": deleting from " + key.referencedTable() + " (ON DELETE " + key.onDelete()
                + ") and joining along the key " + cost(key, lacking)
                + nearMisses(key, lacking);
    }

    /** An index on some of the columns narrows the look-up, so that not everything is read. */
    private String cost(ForeignKey key, List<Name> lacking) {
        for (Name table : lacking) {
            for (Index index : structure.indexesOn(table)) {
                List<String> found = ForeignKeyFit.columnsFoundBy(index, key.columns());
                if (!found.isEmpty() && lacking.size() == 1) {
                    return "read all rows that have the same " + String.join(", ", found) + ", which "
                            + index.name().name() + " finds";
                }
            }
        }
        return "read it whole";
    }

    private String where(ForeignKey key, List<Name> lacking) {
        if (!key.partitioned()) {
            return " on " + key.table() + " (" + Finding.size(key.bytes()) + rows(key) + ")";
        }
        String named = lacking.stream().limit(TABLES_SHOWN).map(Name::toString).collect(Collectors.joining(", "));
        return " on " + lacking.size() + " of " + holders(key).size() + " partitions of " + key.table() + " (" + named
                + (lacking.size() > TABLES_SHOWN ? ", …)" : ")");
    }

    private static String rows(ForeignKey key) {
        return key.rows() < 0 ? ", never analysed" : ", about " + key.rows() + " rows";
    }

    private String nearMisses(ForeignKey key, List<Name> lacking) {
        String misses = lacking.stream()
                .flatMap(table -> structure.indexesOn(table).stream())
                .filter(index -> mentions(index, key))
                .limit(NEAR_MISSES_SHOWN)
                .map(index -> index.name().name() + " "
                        + ForeignKeyFit.misfit(index, key.columns()).orElse("is usable"))
                .collect(Collectors.joining("; "));
        return misses.isEmpty() ? "" : " (" + misses + ")";
    }

    private static boolean mentions(Index index, ForeignKey key) {
        return index.shape().keys().stream()
                .anyMatch(indexKey -> indexKey.column() != null
                        ? key.columns().contains(indexKey.column())
                        : key.columns().stream().anyMatch(indexKey.text()::contains));
    }

    /**
     * An index that foreign keys of one table lack. It is named and put on {@code table} with these columns;
     * {@code tables} are those that hold rows and have no such index: the table itself, or some of its partitions.
     */
    public record MissingForeignKeyIndex(
            Name table,
            String indexName,
            List<String> columns,
            List<ForeignKey> keys,
            List<Name> tables,
            Finding finding) {
        public MissingForeignKeyIndex {
            columns = List.copyOf(columns);
            keys = List.copyOf(keys);
            tables = List.copyOf(tables);
        }

        static String object(Name table, List<ForeignKey> keys) {
            return table + " " + keys.stream().map(ForeignKey::name).sorted().collect(Collectors.joining(", "));
        }
    }
}

package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.insight.PartitionTree;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import dev.headroom.operator.index.plan.Owner.Adoption;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** States for cases: tables t and p in public, indexes whose shape is the list of their columns. */
final class Given {
    static final Owner OWNER = owner("prod/shop", "uid-1", Adoption.IF_RECREATED);
    static final Owner OTHER = owner("prod/other", "uid-2", Adoption.IF_RECREATED);
    static final Name T = new Name("public", "t");
    static final IndexState VALID = IndexState.VALID;
    static final IndexState INVALID = new IndexState(false, true, true, false);
    static final IndexState CHANGING = new IndexState(false, true, true, true);

    private final List<Index> indexes = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private final Map<Name, TableFacts> tables = new LinkedHashMap<>();
    private final Map<Name, String> others = new LinkedHashMap<>();

    static Owner owner(String resource, String uid, Adoption adoption) {
        return new Owner("cluster-1", resource, uid, adoption);
    }

    Given() {
        tables.put(T, new TableFacts(T, List.of(), "", 0, null));
    }

    static WantedIndex wanted(String name, String... columns) {
        return wantedOn("t", name, columns);
    }

    static WantedIndex wantedOn(String table, String name, String... columns) {
        return WantedIndex.of(
                new IndexDeclaration(
                        name,
                        table,
                        null,
                        List.of(columns),
                        List.of(),
                        "btree",
                        false,
                        false,
                        List.of(),
                        null,
                        Map.of()),
                new Name("public", table),
                Origin.DECLARED);
    }

    static Desired placed(WantedIndex wanted, String... columns) {
        return new Desired.Placed(wanted, new Known(shape(columns), false, false));
    }

    static Desired desired(String name, String... columns) {
        return placed(wanted(name, columns), columns);
    }

    static IndexShape shape(String... columns) {
        List<IndexKey> keys = List.of(columns).stream()
                .map(column -> new IndexKey(column, column, "text_ops", null, false, false))
                .toList();
        return new IndexShape("btree", keys, List.of(), null, List.of());
    }

    Given index(String name, IndexState state, String comment, String... columns) {
        return index(name, T, state, comment, IndexRole.PLAIN, false, columns);
    }

    Given index(
            String name,
            Name table,
            IndexState state,
            String comment,
            IndexRole role,
            boolean partitioned,
            String... columns) {
        indexes.add(new Index(
                100 + indexes.size(),
                new Name(table.schema(), name),
                table,
                shape(columns),
                role,
                state,
                partitioned,
                null,
                "CREATE INDEX " + name,
                0,
                0,
                comment,
                0));
        return this;
    }

    /** A partitioned table p with these partitions. */
    Given partitioned(String... names) {
        Name parent = new Name("public", "p");
        tables.put(parent, new TableFacts(parent, List.of("day"), "", 0, null));
        for (String name : names) {
            Name table = new Name("public", name);
            tables.put(table, new TableFacts(table, List.of(), "", 0, null));
            partitions.add(new Partition(table, parent, true, name.startsWith("foreign")));
        }
        return this;
    }

    Given obstacle(String why) {
        tables.put(T, new TableFacts(T, List.of(), "", 0, why));
        return this;
    }

    Given relation(String name, String kind) {
        others.put(new Name("public", name), kind);
        return this;
    }

    DatabaseState state() {
        return new DatabaseState(tables, indexes, new PartitionTree(partitions), others);
    }

    static String markOf(Owner owner, WantedIndex wanted) {
        return Mark.of(owner, wanted).comment();
    }

    static String released(WantedIndex wanted) {
        return Mark.of(OTHER, wanted).released().comment();
    }
}

package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.insight.PartitionTree;
import dev.headroom.insight.Structure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that build or drop an index without stopping writes, as far as PostgreSQL can. */
final class OnlineDdl {
    private static final int LONGEST = 63;
    /** Room for a suffix that tells apart what had to be cut or was taken. */
    private static final int SUFFIX = 9;

    private OnlineDdl() {}

    static String keys(List<String> columns) {
        return columns.stream().map(Name::quote).collect(Collectors.joining(", ", "(", ")"));
    }

    static String create(String name, Name table, String tail) {
        return "CREATE INDEX CONCURRENTLY " + Name.quote(name) + " ON " + table.quoted() + " " + tail + ";";
    }

    /** On a partitioned table: the parent alone and empty, then each partition online, then attached. */
    static List<String> createPartitioned(
            String name, Name table, String tail, PartitionTree tree, Set<String> takenNames) {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE INDEX " + Name.quote(name) + " ON ONLY " + table.quoted() + " " + tail + ";");
        statements.addAll(attach(new Name(table.schema(), name), tree.children(table), tail, tree, takenNames));
        return statements;
    }

    /** Indexes for these partitions of the table of a partitioned index, built and attached to it. */
    static List<String> attach(
            Name parentIndex, List<Partition> partitions, String tail, PartitionTree tree, Set<String> takenNames) {
        List<String> statements = new ArrayList<>();
        for (Partition partition : partitions.stream().filter(p -> !p.foreign()).toList()) {
            Name table = partition.table();
            String name = freeName(table.name(), List.of(parentIndex.name()), takenNames);
            statements.addAll(
                    partition.leaf()
                            ? List.of(create(name, table, tail))
                            : createPartitioned(name, table, tail, tree, takenNames));
            statements.add("ALTER INDEX " + parentIndex.quoted() + " ATTACH PARTITION "
                    + new Name(table.schema(), name).quoted() + ";");
        }
        return statements;
    }

    static String drop(Index index) {
        return index.partitioned()
                ? "DROP INDEX " + index.name().quoted()
                        + "; -- locks the table for a moment: a partitioned index cannot be dropped concurrently"
                : "DROP INDEX CONCURRENTLY " + index.name().quoted() + ";";
    }

    /** Builds it again after it was dropped. What the catalog prints of a partitioned index alone would stay INVALID. */
    static String restore(Index index, Structure structure) {
        if (!index.partitioned()) {
            return index.definition();
        }
        Set<String> taken = new HashSet<>();
        structure.indexes().forEach(each -> taken.add(each.name().name()));
        structure.attachedBelow(index).forEach(each -> taken.remove(each.name().name()));
        Name table = index.table();
        return script(Stream.concat(
                Stream.of(index.definition() + ";"),
                attach(
                        index.name(),
                        structure.partitionTree().children(table),
                        tail(index),
                        structure.partitionTree(),
                        taken)
                        .stream()));
    }

    /** What follows the name of the table in its definition. */
    static String tail(Index index) {
        String using = " USING " + index.shape().method() + " ";
        return index.definition().substring(index.definition().indexOf(using) + 1);
    }

    static String rebuild(Index index) {
        return "REINDEX INDEX CONCURRENTLY " + index.name().quoted() + ";";
    }

    static String script(Stream<String> statements) {
        return statements.collect(Collectors.joining("\n"));
    }

    /** A name for an index that nobody has named yet: {@code ix_<table>_<columns>}, as PostgreSQL could store it. */
    static String freeName(String table, List<String> columns, Set<String> taken) {
        String wanted = "ix_" + table + "_" + String.join("_", columns);
        if (bytes(wanted) > LONGEST) {
            String told = String.format(Locale.ROOT, "_%08x", wanted.hashCode());
            wanted = cut(wanted, LONGEST - SUFFIX) + told;
        }
        String free = wanted;
        for (int i = 2; taken.contains(free); i++) {
            free = cut(wanted, LONGEST - SUFFIX) + "_" + i;
        }
        return free;
    }

    private static String cut(String text, int bytes) {
        String cut = text;
        while (bytes(cut) > bytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

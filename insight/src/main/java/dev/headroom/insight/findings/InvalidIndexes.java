package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.insight.PartitionTree;
import dev.headroom.insight.Structure;
import dev.headroom.insight.findings.RedundantIndexes.Cover;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Indexes that every write still pays for, or will, and that no query may use: what a failed online build leaves. */
public final class InvalidIndexes {
    /** What REINDEX CONCURRENTLY calls the new index before the swap and the old one after it. */
    private static final Pattern REINDEX_LEFTOVER = Pattern.compile(".*_cc(new|old)\\d*");

    /** What the operator calls an index until it is valid, and one that it replaced until it is dropped. */
    private static final Pattern OPERATORS = Pattern.compile("headroom_(new|old)_.*");

    private InvalidIndexes() {}

    public static List<Finding> in(Structure structure) {
        return structure.indexes().stream()
                .filter(index -> !index.state().usable() && !underWay(index, structure))
                .map(index -> index.partitioned() && !isOperators(index)
                        ? incomplete(index, structure)
                        : leftover(index, structure))
                .sorted(Finding.ORDER)
                .toList();
    }

    private static boolean isOperators(Index index) {
        return OPERATORS.matcher(index.name().name()).matches();
    }

    /** Of a partitioned index, also while one of its table's partitions gets its own. */
    private static boolean underWay(Index index, Structure structure) {
        return index.state().changing()
                || structure.partitionTree().leaves(index.table()).stream()
                        .flatMap(leaf -> structure.indexesOn(leaf).stream())
                        .anyMatch(other -> other.state().changing());
    }

    private static Finding leftover(Index index, Structure structure) {
        Optional<Index> equal = structure.indexesOn(index.table()).stream()
                .filter(other -> other.state().usable() && Cover.covers(other, index))
                .filter(other -> other.role().unique() || !index.role().unique())
                .findFirst();
        boolean reindexed = REINDEX_LEFTOVER.matcher(index.name().name()).matches();
        boolean drop = index.parentIndex().isEmpty()
                && index.role().constraint() == null
                && (equal.isPresent()
                        || reindexed
                        || isOperators(index)
                        || !index.state().live());
        String why = !index.state().live()
                ? "a DROP INDEX CONCURRENTLY did not finish"
                : reindexed
                        ? "a REINDEX CONCURRENTLY did not finish"
                        : isOperators(index)
                                ? "it is left over from a resource of Headroom that is gone, or from a replacement"
                                : "a build did not finish (cancelled, timed out, or a unique violation)";
        String evidence = "INVALID, and nothing is building it now: " + why + "; it takes "
                + Finding.size(index.bytes()) + ", costs every write, and serves no query"
                + equal.map(other -> "; " + other.name().name() + " is valid and serves the same")
                        .orElse("");
        return finding(index, evidence, drop ? OnlineDdl.drop(index) : OnlineDdl.rebuild(index));
    }

    /** A partitioned index is INVALID until every partition has an index that is attached to it. */
    private static Finding incomplete(Index index, Structure structure) {
        PartitionTree tree = structure.partitionTree();
        Set<Name> attached = structure.parts(index).stream().map(Index::table).collect(Collectors.toSet());
        List<Partition> children = tree.children(index.table()).stream()
                .filter(partition -> !partition.foreign())
                .toList();
        List<Partition> lacking = children.stream()
                .filter(partition -> !attached.contains(partition.table()))
                .toList();
        Set<String> taken =
                structure.indexes().stream().map(each -> each.name().name()).collect(Collectors.toSet());
        String tail = OnlineDdl.tail(index);
        String evidence = "INVALID: " + lacking.size() + " of " + children.size() + " partitions of " + index.table()
                + " have no index attached to it; queries on those read them whole";
        return finding(
                index,
                evidence,
                lacking.isEmpty()
                        ? "-- valid once the INVALID indexes below it are rebuilt"
                        : OnlineDdl.script(OnlineDdl.attach(index.name(), lacking, tail, tree, taken).stream()));
    }

    private static Finding finding(Index index, String evidence, String suggestion) {
        return new Finding(
                Finding.Kind.INVALID_INDEX, index.name().toString(), Finding.Severity.HIGH, evidence, suggestion);
    }
}

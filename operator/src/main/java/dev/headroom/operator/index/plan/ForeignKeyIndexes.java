package dev.headroom.operator.index.plan;

import static java.util.stream.Collectors.toSet;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import dev.headroom.insight.findings.MissingForeignKeyIndexes;
import dev.headroom.insight.findings.MissingForeignKeyIndexes.MissingForeignKeyIndex;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The indexes that foreign keys ask for: those that would be missing if the ones built for that reason were not there.
 * So one stays wanted for as long as its key needs it, under the same name, and is no longer wanted once a declared
 * index serves the key as well.
 */
public final class ForeignKeyIndexes {
    private ForeignKeyIndexes() {}

    /** The foreign keys that the spec does not exclude; one that a partition inherits goes with its parent's table. */
    public static List<ForeignKey> considered(ForeignKeysSpec spec, List<ForeignKey> keys) {
        return keys.stream()
                .filter(key -> includes(spec, key.table(), key.name())
                        && key.inheritedFrom()
                                .filter(parent -> !includes(spec, parent, key.name()))
                                .isEmpty())
                .toList();
    }

    private static boolean includes(ForeignKeysSpec spec, Name table, String constraint) {
        return spec.includes(table.schema(), table.name(), constraint);
    }

    /** {@code structure} is how things will stand when the declared indexes are there. */
    public static List<IndexDeclaration> wanted(Owner owner, Structure structure) {
        Set<Index> builtForKeys = structure.indexes().stream()
                .filter(index ->
                        forKey(owner, index) || Names.isTransient(index.name().name()))
                .flatMap(index -> Stream.concat(Stream.of(index), structure.attachedBelow(index)))
                .collect(toSet());
        Structure without = new Structure(
                structure.indexes().stream()
                        .filter(index -> !builtForKeys.contains(index))
                        .toList(),
                structure.foreignKeys(),
                structure.partitions());
        return MissingForeignKeyIndexes.in(without).stream()
                .flatMap(missing -> declarations(missing, without))
                .toList();
    }

    private static boolean forKey(Owner owner, Index index) {
        return owner.mayTake(index)
                && Mark.read(index.comment())
                        .filter(mark -> mark.origin() == Origin.FOREIGN_KEY)
                        .isPresent();
    }

    /** Where only some partitions lack one, only those get one. */
    private static Stream<IndexDeclaration> declarations(MissingForeignKeyIndex missing, Structure structure) {
        List<Name> leaves = new ArrayList<>(structure.partitionTree().leaves(missing.table()));
        leaves.removeAll(missing.tables());
        if (leaves.isEmpty()) {
            return Stream.of(declaration(missing.indexName(), missing.table(), missing.columns()));
        }
        return missing.tables().stream()
                .map(table ->
                        declaration(Names.ofForeignKey(table.name(), missing.columns()), table, missing.columns()));
    }

    private static IndexDeclaration declaration(String name, Name table, List<String> columns) {
        return new IndexDeclaration(
                name,
                table.name(),
                table.schema(),
                columns,
                List.of(),
                "btree",
                false,
                false,
                List.of(),
                null,
                Map.of());
    }
}

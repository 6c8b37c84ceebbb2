package dev.headroom.insight.findings;

import static dev.headroom.insight.findings.IndexText.index;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;

@Domain(RandomIndexes.class)
@Domain(DomainContext.Global.class)
class RedundantIndexesTest {
    @Test
    void ofTwoEqualIndexesOnlyOneIsProposedAndAlwaysTheSame() {
        List<Index> equal = List.of(index("ix_2", "t (a)"), index("ix_1", "t (a)"));

        assertThat(proposed(equal)).containsExactly("s.ix_2");
        assertThat(proposed(equal.reversed())).containsExactly("s.ix_2");
    }

    @Test
    void ofManyEqualIndexesOneIsKept() {
        assertThat(proposed(List.of(index("c", "t (a)"), index("a", "t (a)"), index("b", "t (a)"))))
                .containsExactlyInAnyOrder("s.b", "s.c");
    }

    @Test
    void aPrefixIsProposedAndTheEvidenceNamesWhatIsKept() {
        List<Finding> findings =
                redundant(List.of(index("ix_a", "t (a)"), index("ix_ab", "t (a, b)"), index("ix_abc", "t (a, b, c)")));

        assertThat(findings).extracting(Finding::object).containsExactly("s.ix_a", "s.ix_ab");
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.REDUNDANT_INDEX);
            assertThat(finding.evidence()).startsWith("ix_abc (a, b, c) serves every query");
        });
        assertThat(findings.getFirst().suggestion()).isEqualTo("DROP INDEX CONCURRENTLY \"s\".\"ix_a\";");
    }

    @Test
    void whatGuaranteesSomethingIsKeptAndItsDuplicateGoes() {
        assertThat(proposed(List.of(index("a_plain", "t (a)"), index("z_key", "unique t (a) constraint"))))
                .containsExactly("s.a_plain");
        assertThat(proposed(List.of(index("a_wide", "t (a, b)"), index("z_key", "unique t (a)"))))
                .isEmpty();
        assertThat(proposed(List.of(index("a_wide", "t (a, b)"), index("z", "t (a) identity"))))
                .isEmpty();
        assertThat(proposed(List.of(index("one", "unique t (a) constraint"), index("two", "unique t (a) constraint"))))
                .isEmpty();
    }

    @Test
    void anAttachedPartitionIndexGoesOnlyWithItsParent() {
        assertThat(proposed(List.of(index("a", "t (a)"), index("b", "t (a) attached"))))
                .containsExactly("s.a");
    }

    @Test
    void anInvalidIndexIsNothingToRelyOn() {
        assertThat(proposed(List.of(index("a", "t (a)"), index("ab", "t (a, b) invalid"))))
                .isEmpty();
    }

    /** A query shape is what an index alone can serve: these keys in this order, this predicate, these columns. */
    @Property(tries = 3000)
    void applyingEveryProposalLeavesNoQueryShapeUncovered(@ForAll List<Index> table) {
        List<Index> left = without(table, Set.copyOf(proposed(table)));

        for (Index index : table) {
            if (index.state().usable() && !index.state().changing()) {
                for (int length = 1; length <= index.shape().keys().size(); length++) {
                    IndexShape query = query(index.shape(), length);
                    assertThat(left).anyMatch(kept -> kept.state().usable() && serves(kept.shape(), query));
                }
            }
        }
    }

    @Property(tries = 1000)
    void applyingEveryProposalLeavesNothingMoreToPropose(@ForAll List<Index> table) {
        assertThat(proposed(without(table, Set.copyOf(proposed(table))))).isEmpty();
    }

    @Property(tries = 1000)
    void noForeignKeyLosesItsIndex(@ForAll List<Index> table) {
        ForeignKey key = new ForeignKey(
                "fk", new Name("s", "t"), List.of("b", "a"), new Name("s", "p"), "CASCADE", false, null, 0, 0);
        List<Index> left = without(table, Set.copyOf(proposed(table)));

        assertThat(left.stream().anyMatch(index -> ForeignKeyFit.usable(index, key)))
                .isEqualTo(table.stream().anyMatch(index -> ForeignKeyFit.usable(index, key)));
    }

    @Property(tries = 500)
    void theOrderInWhichIndexesAreReadDoesNotMatter(@ForAll List<Index> table, @ForAll Random random) {
        List<Index> shuffled = new java.util.ArrayList<>(table);
        Collections.shuffle(shuffled, random);

        assertThat(redundant(shuffled)).isEqualTo(redundant(table));
    }

    @Property(tries = 1000)
    void everythingThatIsGuaranteedStaysGuaranteed(@ForAll List<Index> table) {
        List<Index> left = without(table, Set.copyOf(proposed(table)));

        for (Index index :
                without(table, left.stream().map(each -> each.name().toString()).collect(toSet()))) {
            assertThat(index.role().primary()
                            || index.role().constraint() != null
                            || index.role().replicaIdentity())
                    .isFalse();
            if (index.role().unique()) {
                assertThat(left)
                        .anyMatch(kept -> kept.role().unique()
                                && kept.shape().keys().equals(index.shape().keys()));
            }
        }
    }

    @Test
    void aUniqueIndexEqualToAConstraintsIsProposed() {
        assertThat(proposed(List.of(index("t_a_key", "unique t (a) constraint"), index("a_unique", "unique t (a)"))))
                .containsExactly("s.a_unique");
        assertThat(proposed(List.of(index("t_a_key", "unique t (a) constraint"), index("wide", "unique t (a, b)"))))
                .isEmpty();
    }

    @Test
    void ofTwoEqualIndexesTheDeclaredOneIsKept() {
        Index declared = index("z", "t (a)");
        Structure structure = new Structure(List.of(index("a", "t (a)"), declared), List.of(), List.of());

        assertThat(RedundantIndexes.of(structure, structure.indexes(), Set.of(declared.name())))
                .extracting(Finding::object)
                .containsExactly("s.a");
    }

    private static IndexShape query(IndexShape of, int length) {
        boolean prefix = of.method().equals("btree");
        return new IndexShape(
                of.method(),
                prefix ? of.keys().subList(0, length) : of.keys(),
                of.include(),
                of.predicate(),
                List.of());
    }

    private static boolean serves(IndexShape index, IndexShape query) {
        return index.method().equals(query.method())
                && String.valueOf(index.predicate()).equals(String.valueOf(query.predicate()))
                && index.include().containsAll(query.include())
                && Collections.indexOfSubList(index.keys(), query.keys()) == 0;
    }

    private static List<Finding> redundant(List<Index> table) {
        return RedundantIndexes.of(new Structure(table, List.of(), List.of()), table, Set.of());
    }

    private static List<String> proposed(List<Index> table) {
        return redundant(table).stream().map(Finding::object).toList();
    }

    private static List<Index> without(List<Index> table, Set<String> names) {
        Set<Index> gone = table.stream()
                .filter(index -> names.contains(index.name().toString()))
                .collect(toSet());
        return table.stream().filter(index -> !gone.contains(index)).toList();
    }
}

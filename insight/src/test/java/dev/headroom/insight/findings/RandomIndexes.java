package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Indexes over so few columns that they often equal, begin and contradict each other. */
class RandomIndexes extends DomainContextBase {
    @Provide
    Arbitrary<IndexShape> shapes() {
        Arbitrary<List<IndexKey>> keys = Combinators.combine(
                        Arbitraries.of("a", "b", "c"), Arbitraries.frequencyOf(often(false), seldom(true)))
                .as((column, descending) -> new IndexKey(column, column, "int4_ops", null, descending, descending))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .uniqueElements(IndexKey::column);
        return Combinators.combine(
                        Arbitraries.frequencyOf(often("btree"), seldom("brin")),
                        keys,
                        Arbitraries.frequencyOf(often(List.<String>of()), seldom(List.of("x"))),
                        Arbitraries.frequencyOf(often("none"), seldom("a > 1")))
                .as((method, k, include, where) ->
                        new IndexShape(method, k, include, where.equals("none") ? null : where, List.of()));
    }

    @Provide
    Arbitrary<List<Index>> tables() {
        Arbitrary<IndexRole> roles = Arbitraries.frequencyOf(
                often(IndexRole.PLAIN),
                seldom(new IndexRole(true, false, false, null, false, false)),
                seldom(new IndexRole(true, false, false, "u", false, false)),
                seldom(new IndexRole(false, false, false, null, false, true)));
        Arbitrary<IndexState> states = Arbitraries.frequencyOf(
                often(IndexState.VALID),
                seldom(new IndexState(false, true, true, false)),
                seldom(new IndexState(true, true, true, true)));
        return Combinators.combine(shapes(), roles, states)
                .as((shape, role, state) -> index(0, shape, role, state))
                .list()
                .ofMaxSize(8)
                .map(RandomIndexes::numbered);
    }

    private static List<Index> numbered(List<Index> indexes) {
        List<Index> numbered = new ArrayList<>();
        indexes.forEach(index -> numbered.add(index(numbered.size() + 1, index.shape(), index.role(), index.state())));
        return numbered;
    }

    private static Index index(int number, IndexShape shape, IndexRole role, IndexState state) {
        Name name = new Name("s", "ix_" + number);
        return new Index(
                number, name, new Name("s", "t"), shape, role, state, false, null, "CREATE INDEX …", 8192, 0, null, 0);
    }

    private static <T> net.jqwik.api.Tuple.Tuple2<Integer, Arbitrary<? extends T>> often(T value) {
        return net.jqwik.api.Tuple.of(5, Arbitraries.just(value));
    }

    private static <T> net.jqwik.api.Tuple.Tuple2<Integer, Arbitrary<? extends T>> seldom(T value) {
        return net.jqwik.api.Tuple.of(1, Arbitraries.just(value));
    }
}

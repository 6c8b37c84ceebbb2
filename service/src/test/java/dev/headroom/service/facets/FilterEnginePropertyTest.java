package dev.headroom.service.facets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FilterEnginePropertyTest {
    private static final List<String> CATEGORIES = List.of("lib", "plot", "feat", "empty");

    /** Words that sort differently in UTF-16 than by code points, that need escapes, and plain ones. */
    private static final List<String> WORDS =
            List.of("a", "B", "bar", "bar chart", "3d", "é", "\uFF5E", "\uD83D\uDE00", "q\"q", "b\\s", "{,}");

    /** A request: its groups and its page. */
    record Request(List<Group> groups, Optional<Long> limit, long offset) {}

    @Property(tries = 400)
    void theEngineAnswersWhatTheDefinitionSays(
            @ForAll("catalogs") ReferenceFacets catalog, @ForAll("requests") Request request) throws IOException {
        FacetAnswer answer = catalog.snapshot().answer(request.groups(), request.limit(), request.offset());

        assertThat(new String(answer.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo(catalog.answer(request.groups(), request.limit(), request.offset()));
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        answer.writeTo(streamed);
        assertThat(streamed.toByteArray()).isEqualTo(answer.toBytes()).hasSize((int) answer.length());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        answer.writeGzipTo(packed);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray())).readAllBytes())
                .isEqualTo(answer.toBytes());
    }

    @Property(tries = 200)
    void positionsAreInOrderAndAsManyAsTheDefinitionSays(
            @ForAll("catalogs") ReferenceFacets catalog, @ForAll("requests") Request request) {
        FilterEngine engine = catalog.snapshot().engine();
        int[] all = engine.select(request.groups()).positions().toArray();

        assertThat(all).isSorted().doesNotHaveDuplicates();
        assertThat(all.length).isEqualTo(catalog.matching(request.groups()).size());
    }

    @Provide
    Arbitrary<ReferenceFacets> catalogs() {
        return items().list().ofMaxSize(60).map(items -> numbered(items));
    }

    @Provide
    Arbitrary<Request> requests() {
        Arbitrary<Group> group = Combinators.combine(
                        Arbitraries.of(CATEGORIES), word().set().ofMinSize(1).ofMaxSize(3))
                .as(Group::new);
        return Combinators.combine(
                        group.list().ofMaxSize(4),
                        Arbitraries.longs().between(0, 30).optional(0.7),
                        Arbitraries.longs().between(0, 70))
                .as(Request::new);
    }

    private static Arbitrary<Map<String, List<String>>> items() {
        Arbitrary<List<String>> tags = Arbitraries.of(WORDS).list().ofMaxSize(3);
        return Combinators.combine(Arbitraries.of(WORDS), tags, tags)
                .as((lib, plot, feat) -> Map.of("lib", List.of(lib), "plot", plot, "feat", feat));
    }

    /** Also words that no item has. */
    private static Arbitrary<String> word() {
        return Arbitraries.oneOf(Arbitraries.of(WORDS), Arbitraries.of("unknown", "ba"));
    }

    private static ReferenceFacets numbered(List<Map<String, List<String>>> values) {
        List<ReferenceFacets.Item> items = new java.util.ArrayList<>();
        for (Map<String, List<String>> each : values) {
            items.add(new ReferenceFacets.Item("{\"n\":" + items.size() + "}", each));
        }
        return new ReferenceFacets("images", CATEGORIES, items, Map.of("titles", "{\"a\":1}"));
    }

    @Property(tries = 50)
    void aGroupOfUnknownValuesMatchesNothing(@ForAll("catalogs") ReferenceFacets catalog) {
        FilterEngine.Selection selection =
                catalog.snapshot().engine().select(List.of(new Group("lib", Set.of("unknown"))));

        assertThat(selection.positions().isEmpty()).isTrue();
        assertThat(selection.orCounts().getFirst().asMap()).isEqualTo(ReferenceFacets.counts("lib", catalog.items()));
    }
}

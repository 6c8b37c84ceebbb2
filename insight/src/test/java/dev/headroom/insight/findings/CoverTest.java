package dev.headroom.insight.findings;

import static dev.headroom.insight.findings.IndexText.index;
import static dev.headroom.insight.findings.IndexText.shape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.findings.RedundantIndexes.Cover;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Domain(RandomIndexes.class)
class CoverTest {
    @ParameterizedTest(name = "{0} covers {1}")
    @CsvSource(delimiter = '|', textBlock = """
            t (a, b)                    | t (a)
            t (a, b, c)                 | t (a, b)
            t (a)                       | t (a)
            unique t (a)                | t (a)
            t (a desc, b)               | t (a desc)
            t (lower(a), b)             | t (lower(a))
            t (a, b) where c            | t (a) where c
            t (a) include (x, y)        | t (a) include (y, x)
            t (a, b) include (x)        | t (a) include (x)
            t using hash (a)            | t using hash (a)
            t using gin (a, b)          | t using gin (a, b)
            """)
    void anIndexCoversWhatItCanServe(String cover, String covered) {
        assertThat(Cover.covers(shape(cover), shape(covered))).isTrue();
    }

    @ParameterizedTest(name = "{0} does not cover {1}")
    @CsvSource(delimiter = '|', textBlock = """
            t (a)                       | t (a, b)
            t (b, a)                    | t (a)
            t (a, b)                    | t (b, a)
            t (a desc, b)               | t (a)
            t (a, b)                    | t (a desc)
            t (a, b)                    | t (a text_pattern_ops)
            t (a collate C, b)          | t (a)
            t (lower(a), b)             | t (a)
            t (a, b) where c            | t (a)
            t (a, b)                    | t (a) where c
            t (a, b) where c            | t (a) where d
            t (a) include (x)           | t (a)
            t (a, b)                    | t (a) include (b)
            t (a)                       | t using hash (a)
            t using hash (a)            | t (a)
            t using gin (a, b)          | t using gin (a)
            t using brin (a, b)         | t using brin (a)
            """)
    void anIndexDoesNotCoverWhatItCannotServe(String cover, String covered) {
        assertThat(Cover.covers(shape(cover), shape(covered))).isFalse();
    }

    @Test
    void indexesOfTwoTablesNeverCoverEachOther() {
        assertThat(Cover.covers(index("a", "t (a, b)"), index("b", "u (a)"))).isFalse();
    }

    @Test
    void brinIndexesOfOtherRangesServeOtherQueries() {
        IndexShape coarse = shape("t using brin (a)");
        IndexShape fine =
                new IndexShape("brin", coarse.keys(), coarse.include(), null, java.util.List.of("pages_per_range=4"));

        assertThat(Cover.covers(coarse, fine)).isFalse();
    }

    @Property
    void coveringIsReflexive(@ForAll IndexShape a) {
        assertThat(Cover.covers(a, a)).isTrue();
    }

    @Property(tries = 5000)
    void coveringIsTransitive(@ForAll IndexShape a, @ForAll IndexShape b, @ForAll IndexShape c) {
        if (Cover.covers(a, b) && Cover.covers(b, c)) {
            assertThat(Cover.covers(a, c)).isTrue();
        }
    }
}

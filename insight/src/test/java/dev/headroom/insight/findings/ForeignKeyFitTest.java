package dev.headroom.insight.findings;

import static dev.headroom.insight.findings.IndexText.index;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignKeyFitTest {
    @ParameterizedTest(name = "{0} finds the rows of ({1})")
    @CsvSource(delimiter = '|', textBlock = """
            t (a)                                                | a
            t (a desc)                                           | a
            t (a, x)                                             | a
            t (a) include (x)                                    | a
            t using hash (a)                                     | a
            t (b, a)                                             | a,b
            t (b, a, x)                                          | a,b
            t (a) where a IS NOT NULL                            | a
            t (a) where (a IS NOT NULL)                          | a
            t (a, b) where ((a IS NOT NULL) AND (b IS NOT NULL)) | a,b
            t (a, b) where (b IS NOT NULL)                       | a,b
            unique t (a)                                         | a,b
            """)
    void usable(String index, String columns) {
        assertThat(misfit(index, columns)).isEmpty();
    }

    @ParameterizedTest(name = "{0} does not find the rows of ({1})")
    @CsvSource(delimiter = '|', textBlock = """
            t (x, a)                        | a   | does not begin with them
            t (x) include (a)               | a   | does not begin with them
            t (a)                           | a,b | does not begin with them
            t (a, x, b)                     | a,b | does not begin with them
            t (lower(a))                    | a   | does not begin with them
            t using hash (a)                | a,b | does not begin with them
            unique t (a, x)                 | a,b | does not begin with them
            t using gin (a)                 | a   | is a gin index
            t using brin (a)                | a   | is a brin index
            t (a collate C)                 | a   | sorts by another collation than the column
            t (a) where x IS NOT NULL       | a   | is partial: x IS NOT NULL
            t (a) where (a > 1)             | a   | is partial: (a > 1)
            t (a) where (a IS NULL)         | a   | is partial: (a IS NULL)
            t (a) invalid                   | a   | is INVALID
            """)
    void notUsable(String index, String columns, String why) {
        assertThat(misfit(index, columns)).contains(why);
    }

    @ParameterizedTest(name = "equality on {0} implies {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a            | (a IS NOT NULL)                                         | true
            "A b"        | ("A b" IS NOT NULL)                                     | true
            " AND "      | (" AND " IS NOT NULL)                                   | true
            ")"          | (")" IS NOT NULL)                                       | true
            a            | ((a IS NOT NULL) AND (a IS NOT NULL))                   | true
            a            | ((a IS NOT NULL) AND (x IS NOT NULL))                   | false
            a            | ((a IS NOT NULL) OR (x IS NOT NULL))                    | false
            a            | (NOT (a IS NOT NULL))                                   | false
            a            | ((a IS NOT NULL) AND (x = ' AND (a IS NOT NULL)'::text)) | false
            a            | (lower(a) IS NOT NULL)                                  | false
            a            | (ROW(a, b) IS NOT NULL)                                 | false
            a            | true                                                    | false
            """)
    void predicates(String column, String predicate, boolean implied) {
        assertThat(ForeignKeyFit.isImpliedByEqualityOn(java.util.Set.of(column), predicate))
                .isEqualTo(implied);
    }

    private static java.util.Optional<String> misfit(String index, String columns) {
        return ForeignKeyFit.misfit(index("ix", index), List.of(columns.split(",", -1)));
    }
}

package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.pending;
import static dev.headroom.operator.index.TestOperator.verdict;
import static dev.headroom.operator.index.Wanted.expression;
import static dev.headroom.operator.index.Wanted.index;
import static dev.headroom.operator.index.Wanted.keys;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.Reason;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each form of a declaration is built once, and recognised by an operator that knows nothing of the first one. */
class IndexFormsTest {
    private static TestPostgres.Database database;

    @BeforeAll
    static void table() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create table \"Tasks\" (id int primary key, status text, \"Title\" varchar(50), n int, at timestamptz, doc jsonb)",
                "create table \"text\" (id int, status varchar(9))",
                "create table pg_index (id int, status varchar(9))",
                "insert into \"Tasks\" select i, 's' || i % 5, 't' || i, i, now(), '{\"a\": 1}' from generate_series(1, 100) i");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static Stream<Wanted> forms() {
        IndexKey descending = new IndexKey("at", null, IndexKey.Order.DESC, IndexKey.Nulls.LAST, null, null);
        IndexKey pattern = new IndexKey("Title", null, null, null, "varchar_pattern_ops", null);
        IndexKey defaulted = new IndexKey("n", null, IndexKey.Order.ASC, IndexKey.Nulls.LAST, "int4_ops", null);
        IndexKey collated = new IndexKey("status", null, null, null, "pg_catalog.text_ops", "C");
        IndexKey paths = new IndexKey("doc", null, null, null, "jsonb_path_ops", null);
        return Stream.of(
                index("plain", "Tasks", "status", "n"),
                index("Mixed Case \"quoted\"", "Tasks", "n", "Title"),
                keys("descending", "Tasks", descending, IndexKey.ofColumn("id")),
                keys("pattern", "Tasks", pattern),
                keys("defaults_spelled_out", "Tasks", defaulted, IndexKey.ofColumn("at")),
                keys("collated", "Tasks", collated),
                keys("expression", "Tasks", expression("LOWER( status )||'x'"), expression("(n+1)")),
                keys("qualified_expression", "Tasks", expression("coalesce(\"Tasks\".status, 'none')")),
                keys("paths", "Tasks", paths).using("gin"),
                keys("json_operator", "Tasks", expression("doc ? 'a'")),
                index("brin", "Tasks", "at").using("brin").storage(Map.of("pages_per_range", "32")),
                index("hashed", "Tasks", "status").using("hash"),
                index("partial_in", "Tasks", "n").where("status in ('s1', 's2') and n <> 0"),
                index("partial_time", "Tasks", "id").where("at > '2020-01-01 00:00'"),
                index("partial_cast", "Tasks", "at").where("\"Title\" = 'x'"),
                index("including", "Tasks", "at", "n").including("status", "Title"),
                index("stored", "Tasks", "n", "status")
                        .storage(Map.of("fillfactor", "70", "deduplicate_items", "false")),
                index("unique_one", "Tasks", "id", "n").unique(),
                keys("on_a_table_like_a_type", "text", expression("lower(status::text)")),
                index("on_a_table_like_a_catalog", "pg_index", "status"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aFormIsBuiltOnceAndRecognisedAfterwards(Wanted wanted) throws Exception {
        try (TestOperator operator = TestOperator.on(database).declare(wanted)) {
            assertThat(verdict(operator.settle()).reason()).isEqualTo(Reason.INDEXES_VALID);
        }
        String name = wanted.declaration().name();
        List<String> built = oids(name);
        assertThat(built).hasSize(1);
        try (TestOperator another = TestOperator.on(database).declare(wanted)) {
            ConcernReport again = another.look();
            assertThat(pending(again)).isEmpty();
            assertThat(TestOperator.statuses(again))
                    .first()
                    .extracting(IndexStatus::state)
                    .isEqualTo(State.VALID);
        }
        assertThat(oids(name)).isEqualTo(built);
    }

    @Test
    void aStrangersSessionSettingsDoNotChangeWhatADeclarationMeans() throws Exception {
        Sqls.run(
                database,
                "set timezone = 'Asia/Tokyo'; create schema if not exists other; "
                        + "set search_path = other, public; "
                        + "create index mine on \"Tasks\" (lower(status)) where at > '2020-01-01 00:00+00'");
        Wanted same = keys("mine", "Tasks", expression("lower(status)")).where("at > '2020-01-01 00:00+00'");
        try (TestOperator operator = TestOperator.on(database).declare(same)) {
            assertThat(pending(operator.look())).isEmpty();
        }
    }

    @Test
    void whatTheServerWouldRefuseIsSaidBeforeAnythingIsBuilt() throws Exception {
        try (TestOperator operator = TestOperator.on(database)
                .declare(
                        index("volatile", "Tasks", "n").where("at > now()"),
                        index("unknown", "Tasks", "nope"),
                        keys("two", "Tasks", expression("n) , (id")),
                        index("homeless", "nowhere", "n"))) {
            operator.look();
            assertThat(operator.status("volatile").message()).contains("must be marked IMMUTABLE");
            assertThat(operator.status("unknown").message()).contains("\"nope\" does not exist");
            assertThat(operator.status("two").message()).contains("a parenthesis is closed that was never opened");
            assertThat(operator.status("homeless").state()).isEqualTo(State.TABLE_MISSING);
            assertThat(operator.status("homeless").blockedBy())
                    .isEqualTo("the table nowhere, which does not exist yet in public");
        }
    }

    private static List<String> oids(String name) throws Exception {
        return Sqls.column(
                database,
                "select indexrelid from pg_index join pg_class c on c.oid = indexrelid where indisvalid and relname = '"
                        + name + "'");
    }
}

package dev.headroom.service.catalog.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.catalog.StatehubDatabase;
import dev.headroom.service.database.statement.Query;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SampleDataTest {
    private static final Instant UNTIL = Instant.parse("2026-11-20T12:00:00Z");

    private final StatehubDatabase statehub = new StatehubDatabase();

    @AfterEach
    void close() {
        statehub.close();
    }

    @Test
    void aScaleGivesItsShareOfEveryTable() throws SQLException {
        SampleData.Loaded loaded = (SampleData.Loaded) load(statehub, 0.01, 1);
        assertThat(loaded.rows())
                .containsAllEntriesOf(
                        Map.of("domains", 2L, "workstreams", 200L, "tasks", 10_000L, "sbom_snapshots", 3_000L));
        assertThat(loaded.text()).startsWith("catalog statehub: 33,572 sample rows in ");
    }

    @Test
    void theSameSeedGivesTheSameRowsAndAnotherSeedOthers() throws SQLException {
        load(statehub, 0.001, 7);
        try (var again = new StatehubDatabase();
                var other = new StatehubDatabase()) {
            load(again, 0.001, 7);
            load(other, 0.001, 8);
            assertThat(print(again)).isEqualTo(print(statehub));
            assertThat(print(other)).isNotEqualTo(print(statehub));
        }
    }

    @Test
    void fewAreHotAndMostAreClosed() throws SQLException {
        load(statehub, 0.02, 1);
        assertThat(
                        number(
                                "select 100 * count(*) filter (where status in ('done', 'cancelled')) / count(*) from statehub.tasks"))
                .isBetween(90L, 94L);
        assertThat(number("""
                select 100 * sum(n) filter (where rank <= 10) / sum(n)
                from (select count(*) as n, row_number() over (order by count(*) desc) as rank
                      from statehub.sbom_snapshots group by repo_id) s
                """))
                .as("share of the snapshots in one repository of ten")
                .isBetween(88L, 93L);
        assertThat(
                        number(
                                "select count(*) from statehub.tasks where updated_at < created_at or updated_at > '2026-11-20T12:00Z'"))
                .isZero();
    }

    @Test
    void constraintsAreBackAndPerformanceIndexesAreNot() throws SQLException {
        String constraints = "select count(*) from pg_constraint where contype = 'f' and convalidated"
                + " and connamespace = 'statehub'::regnamespace";
        long before = number(constraints);
        load(statehub, 0.001, 1);
        assertThat(number(constraints)).isEqualTo(before).isEqualTo(9);
        assertThatThrownBy(() -> statehub.execute(
                        "insert into tasks (workstream_id, title) values (gen_random_uuid(), 'orphan')"))
                .hasStackTraceContaining("violates foreign key constraint");
        assertThat(number("select count(*) from pg_indexes where schemaname = 'statehub' and indexname like 'ix%'"))
                .isZero();
    }

    @Test
    void tablesThatHoldRowsAreLeftAlone() throws SQLException {
        statehub.execute("insert into domains (slug, title) values ('mine', 'Mine')");
        assertThat(load(statehub, 0.001, 1).text())
                .isEqualTo(
                        "catalog statehub: no sample data loaded, because table \"statehub\".\"domains\" already holds"
                                + " rows: truncate it first");
        assertThat(number("select count(*) from statehub.domains")).isOne();
    }

    @Test
    void filesMayLieInAFolderOfAnyName() throws SQLException {
        Path folder = Path.of("/srv/$$; drop table x; it's $1 ? {d '1'} 50% \\ \"ü\" :x\n$_$");
        new SampleData(statehub.database().direct())
                .load(statehub.loaded().loaded().getFirst(), new SampleOptions(0.001, 1, UNTIL).in(folder));
        assertThat(statehub.database()
                        .rows(
                                Query.of(
                                        "paths",
                                        "select distinct regexp_replace(local_path, '/repo-[0-9]+$', '')"
                                                + " from statehub.managed_repos where local_path is not null"),
                                row -> row.getString(1)))
                .containsExactly(folder.toString());
    }

    @Test
    void aScaleOutOfReasonIsRefused() {
        assertThatThrownBy(() -> new SampleOptions(0, 1, UNTIL)).hasMessageContaining("the scale must be from");
        assertThatThrownBy(() -> new SampleOptions(Double.NaN, 1, UNTIL))
                .hasMessageContaining("the scale must be from");
    }

    private static SampleData.Outcome load(StatehubDatabase statehub, double scale, long seed) throws SQLException {
        return new SampleData(statehub.database().direct())
                .load(statehub.loaded().loaded().getFirst(), new SampleOptions(scale, seed, UNTIL));
    }

    private static String print(StatehubDatabase statehub) {
        return statehub.get("/tasks/", "limit=5000") + statehub.get("/workstreams/") + statehub.get("/sbom/snapshots/");
    }

    private long number(String sql) {
        return statehub.database()
                .rows(Query.of("number", sql), row -> row.getLong(1))
                .getFirst();
    }
}

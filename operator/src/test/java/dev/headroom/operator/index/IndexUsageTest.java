package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.insight.UsageSnapshot;
import dev.headroom.insight.UsageSnapshot.IndexUse;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus.UnusedIndex;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IndexUsageTest {
    private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

    @Test
    void aRestartGoesOnWatchingFromWhatTheStatusRemembers() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                TestOperator operator = TestOperator.on(database)) {
            Sqls.run(
                    database,
                    "create table tasks (id int primary key, status text)",
                    "create index ix_idle on tasks (status)",
                    "insert into tasks select i, 's' from generate_series(1, 100) i");
            UsageStatus first = operator.look().status().usage();
            assertThat(first.unused()).extracting(UnusedIndex::index).contains("public.ix_idle", "public.tasks_pkey");

            scan(database, "select status from tasks where id = 5");
            await().until(() -> !Sqls.column(
                            database,
                            "select 1 from pg_stat_user_indexes where indexrelname = 'tasks_pkey' and idx_scan > 0")
                    .isEmpty());
            UsageStatus after = operator.restart().look().status().usage();

            assertThat(after.sinceTime()).isEqualTo(first.sinceTime());
            assertThat(after.unused()).extracting(UnusedIndex::index).containsExactly("public.ix_idle");
        }
    }

    @Test
    void anIndexThatTheStatusDoesNotCoverIsWatchedFromItsFirstSight() {
        IndexUsage usage = new IndexUsage();
        usage.window(used(MONDAY, 1), List.of(), MONDAY, null);
        Instant tuesday = MONDAY.plus(Duration.ofDays(1));

        UsageWindow seen = usage.window(used(tuesday, 1, 2), List.of(), tuesday, null);
        assertThat(seen.since()).isEqualTo(MONDAY);
        assertThat(seen.uses().get(1L).since()).isNull();
        assertThat(seen.uses().get(2L).since()).isEqualTo(tuesday);
    }

    @Test
    void ofTheStatusOnlyIndexesThatAreStillTheSameCount() {
        DbPerformanceStatus status = DbPerformanceStatus.EMPTY.with(
                List.of(),
                List.of(),
                new UsageStatus(MONDAY.toString(), null, List.of(unused("public.a", 1), unused("public.b", 2))));
        Instant tuesday = MONDAY.plus(Duration.ofDays(1));

        UsageWindow seen = new IndexUsage()
                .window(used(tuesday, 1, 2), List.of(index("a", 1), index("other", 2)), tuesday, status);

        assertThat(seen.uses().get(1L).since()).isNull();
        assertThat(seen.uses().get(2L).since()).isEqualTo(tuesday);
    }

    @Test
    void anotherServerIsWatchedFromTheBeginning() {
        ResourceState state = new ResourceState(Clock.systemUTC());
        state.lookedAt("7/5");
        IndexUsage usage = state.usage();
        state.lookedAt("7/5");
        assertThat(state.usage()).isSameAs(usage);

        state.lookedAt("8/5");
        assertThat(state.usage()).isNotSameAs(usage);
    }

    @Test
    void anotherDatabaseIsWatchedFromTheBeginning() throws Exception {
        try (TestPostgres.Database one = TestPostgres.database();
                TestPostgres.Database other = TestPostgres.database();
                TestOperator operator = TestOperator.on(one)) {
            Sqls.run(one, "create table tasks (id int primary key)");
            Sqls.run(other, "create table tasks (id int primary key)");
            UsageStatus before = operator.look().status().usage();

            UsageStatus after = operator.database(TestOperator.access(other, other.user(), other.password()))
                    .look()
                    .status()
                    .usage();

            assertThat(Instant.parse(after.sinceTime())).isAfter(Instant.parse(before.sinceTime()));
            assertThat(after.unused()).extracting(UnusedIndex::index).containsExactly("public.tasks_pkey");
        }
    }

    private static UsageSnapshot used(Instant at, long... oids) {
        Map<Long, IndexUse> uses = new HashMap<>();
        LongStream.of(oids).forEach(oid -> uses.put(oid, new IndexUse(0, 0)));
        return new UsageSnapshot(at, null, uses);
    }

    private static UnusedIndex unused(String index, long oid) {
        return new UnusedIndex(index, oid, 0, 0);
    }

    private static Index index(String name, long oid) {
        return new Index(
                oid,
                new Name("public", name),
                new Name("public", "t"),
                new IndexShape("btree", List.of(), List.of(), null, List.of()),
                IndexRole.PLAIN,
                IndexState.VALID,
                false,
                null,
                "",
                0,
                0,
                null,
                0);
    }

    /** By the index, in a session that is over: then its counters are there for others. */
    private static void scan(TestPostgres.Database database, String query) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off");
            statement.execute(query);
        }
    }
}

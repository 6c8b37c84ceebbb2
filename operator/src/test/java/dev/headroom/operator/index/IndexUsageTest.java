package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus.UnusedIndex;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class IndexUsageTest {

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

    /** By the index, in a session that is over: then its counters are there for others. */
    private static void scan(TestPostgres.Database database, String query) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off");
            statement.execute(query);
        }
    }
}

package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * From apply to all indexes valid, against the same statements run bare on one session. The bare run comes before and
 * after ours, so that a cache that warms up favours neither.
 */
class IndexesBench {
    private static final int ROWS = Integer.getInteger("bench.rows", 1_000_000);
    private static final double FACTOR = 1.05;
    private static final double SECONDS = 3;

    private static final List<String> STATEMENTS = List.of(
            "create index concurrently ix_tasks_status on tasks (status)",
            "create index concurrently ix_tasks_workstream_status on tasks (workstream_id, status)",
            "create index concurrently ix_workstreams_status on workstreams (status)",
            "create index concurrently ix_sbom_snapshots_repo_at on sbom_snapshots (repo_id, snapshot_at desc)");
    private static final String DROP = "drop index ix_tasks_status, ix_tasks_workstream_status, ix_workstreams_status,"
            + " ix_sbom_snapshots_repo_at";

    @Test
    void theOperatorTakesHardlyLongerThanTheStatements() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database()) {
            statehub(database);
            double before = bare(database);
            double ours = ours(database);
            double after = bare(database);
            double limit = FACTOR * (before + after) / 2 + SECONDS;
            System.out.printf(
                    Locale.ROOT,
                    "bench indexes: %d tasks, bare %.2f s and %.2f s, operator %.2f s, limit %.2f s%n",
                    ROWS,
                    before,
                    after,
                    ours,
                    limit);
            assertThat(ours).isLessThanOrEqualTo(limit);
        }
    }

    private static void statehub(TestPostgres.Database database) throws Exception {
        Sqls.run(
                database,
                "create table workstreams (id uuid primary key, status text, title text)",
                "create table tasks (id uuid primary key, workstream_id uuid, title text, status text, created_at timestamptz)",
                "create table sbom_snapshots (id uuid primary key, repo_id uuid, snapshot_at timestamptz, component_count int)",
                "insert into workstreams select gen_random_uuid(), (array['active','done','paused'])[1 + i % 3], 'w' || i"
                        + " from generate_series(1, " + ROWS / 20 + ") i",
                "insert into tasks select gen_random_uuid(), md5((i / 20)::text)::uuid, 'task ' || i,"
                        + " (array['open','done','blocked'])[1 + i % 3], now() from generate_series(1, " + ROWS + ") i",
                "insert into sbom_snapshots select gen_random_uuid(), md5((i % 500)::text)::uuid,"
                        + " now() - i * interval '1 min', i from generate_series(1, " + ROWS / 4 + ") i",
                "vacuum analyze",
                "checkpoint");
    }

    private static double bare(TestPostgres.Database database) throws Exception {
        long begin = System.nanoTime();
        Sqls.run(database, STATEMENTS.toArray(String[]::new));
        double seconds = (System.nanoTime() - begin) / 1e9;
        Sqls.run(database, DROP, "checkpoint");
        return seconds;
    }

    private static double ours(TestPostgres.Database database) throws Exception {
        IndexKey newest = new IndexKey("snapshot_at", null, IndexKey.Order.DESC, null, null, null);
        try (TestOperator operator = TestOperator.on(database)
                .limits("10s", "1h")
                .declare(
                        Wanted.index("ix_tasks_status", "tasks", "status"),
                        Wanted.index("ix_tasks_workstream_status", "tasks", "workstream_id", "status"),
                        Wanted.index("ix_workstreams_status", "workstreams", "status"),
                        Wanted.keys(
                                "ix_sbom_snapshots_repo_at", "sbom_snapshots", IndexKey.ofColumn("repo_id"), newest))) {
            long begin = System.nanoTime();
            operator.settleUnhurried();
            double seconds = (System.nanoTime() - begin) / 1e9;
            Sqls.run(database, DROP, "checkpoint");
            return seconds;
        }
    }
}

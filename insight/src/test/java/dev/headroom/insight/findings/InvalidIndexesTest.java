package dev.headroom.insight.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.insight.Db;
import dev.headroom.insight.Indexes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvalidIndexesTest {
    private Db db;

    @BeforeEach
    void connect() throws SQLException {
        db = new Db(
                "create schema s",
                "create table s.t (id int primary key, a int)",
                "insert into s.t select i, i % 10 from generate_series(1, 100) i");
    }

    @AfterEach
    void close() throws SQLException {
        db.close();
    }

    @Test
    void whatAFailedBuildLeavesIsFoundAndRebuildingMendsIt() throws SQLException {
        failedBuild();

        Finding finding = only();

        assertThat(finding.severity()).isEqualTo(Finding.Severity.HIGH);
        assertThat(finding.evidence()).startsWith("INVALID, and nothing is building it now");
        assertThat(finding.suggestion()).isEqualTo("REINDEX INDEX CONCURRENTLY \"s\".\"broken\";");
        db.execute("delete from s.t where id > 10", finding.suggestion());
        assertThat(findings()).isEmpty();
    }

    @Test
    void oneThatAValidIndexReplacesIsToBeDropped() throws SQLException {
        failedBuild();
        db.execute("delete from s.t where id > 10", "create unique index good on s.t (a)");

        Finding finding = only();

        assertThat(finding.evidence()).contains("good is valid and serves the same");
        db.execute(finding.suggestion());
        assertThat(findings()).isEmpty();
    }

    @Test
    void aLeftoverOfAReindexIsToBeDropped() throws SQLException {
        db.execute("create unique index u on s.t (id, a)");
        db.execute(
                "update pg_index set indisvalid = false where indexrelid = 's.u'::regclass",
                "alter index s.u rename to u_ccnew");

        assertThat(only().suggestion()).isEqualTo("DROP INDEX CONCURRENTLY \"s\".\"u_ccnew\";");
    }

    @Test
    void aLeftoverOfAResourceThatIsGoneIsToBeDropped() throws SQLException {
        db.execute("create index headroom_new_0123 on s.t (a)");
        db.execute("update pg_index set indisvalid = false where indexrelid = 's.headroom_new_0123'::regclass");

        assertThat(only().suggestion()).isEqualTo("DROP INDEX CONCURRENTLY \"s\".\"headroom_new_0123\";");
    }

    @Test
    void aBuildInProgressIsNoFinding() throws Exception {
        whileABuildWaits("create index concurrently slow on s.t (a)", () -> {
            assertThat(db.index("slow").state().valid()).isFalse();
            assertThat(db.index("slow").state().changing()).isTrue();
            assertThat(findings()).isEmpty();
        });
        assertThat(db.index("slow").state().usable()).isTrue();
    }

    @Test
    void aRoleThatMayNotSeeTheBuildDoesNotMistakeItForALeftover() throws Exception {
        String role = "plain_" + db.name();
        db.execute("create role " + role + " login password 'x'", "grant usage on schema s to " + role);
        try {
            whileABuildWaits("create index concurrently slow on s.t (a)", () -> {
                try (Connection plain = db.another()) {
                    Db.execute(plain, "set role " + role);
                    try (var statement = plain.createStatement();
                            var build = statement.executeQuery("select relid from pg_stat_progress_create_index")) {
                        assertThat(build.next()).isTrue();
                        assertThat(build.getString("relid")).as("which table").isNull();
                    }
                    assertThat(Indexes.of(plain, List.of("s")))
                            .filteredOn(index -> index.name().name().equals("slow"))
                            .singleElement()
                            .satisfies(index ->
                                    assertThat(index.state().changing()).isTrue());
                }
            });
        } finally {
            db.execute("drop owned by " + role, "drop role " + role);
        }
    }

    @Test
    void aDropInProgressIsNoFinding() throws Exception {
        db.execute("create index going on s.t (a)");
        whileABuildWaits("drop index concurrently s.going", () -> {
            assertThat(db.index("going").state().changing()).isTrue();
            assertThat(findings()).isEmpty();
        });
    }

    @Test
    void anIncompletePartitionedIndexIsFoundAndItsSuggestionCompletesIt() throws SQLException {
        db.execute(
                "create table s.p (id int, a int) partition by range (id)",
                "create table s.p1 partition of s.p for values from (1) to (10)",
                "create table s.p2 partition of s.p for values from (10) to (20) partition by list (a)",
                "create table s.p2a partition of s.p2 for values in (1)",
                "create index whole on only s.p (a desc) where id > 3",
                "create index part on s.p1 (a desc) where id > 3",
                "alter index s.whole attach partition s.part");

        Finding finding = only();

        assertThat(finding.evidence()).contains("1 of 2 partitions of s.p have no index");
        db.execute(finding.suggestion().split("\n", -1));
        assertThat(findings()).isEmpty();
        assertThat(db.index("whole").state().usable()).isTrue();
    }

    private interface Check {
        void run() throws Exception;
    }

    /** An idle transaction that has written keeps the statement waiting until the check is done. */
    private void whileABuildWaits(String sql, Check check) throws Exception {
        try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
                Connection writer = db.another();
                Connection builder = db.another()) {
            writer.setAutoCommit(false);
            Db.execute(writer, "update s.t set a = a where id = 1", "select * from s.t");
            Future<?> building = background.submit(() -> {
                Db.execute(builder, sql);
                return null;
            });
            await().until(() -> findingsAreSuppressed());
            check.run();
            writer.rollback();
            building.get();
        }
    }

    private boolean findingsAreSuppressed() throws SQLException {
        return Indexes.of(db.connection(), List.of("s")).stream()
                .anyMatch(index -> index.state().changing());
    }

    private void failedBuild() {
        assertThatThrownBy(() -> db.execute("create unique index concurrently broken on s.t (a)"))
                .hasMessageContaining("could not create unique index");
    }

    private List<Finding> findings() throws SQLException {
        return InvalidIndexes.in(db.structure("s"));
    }

    private Finding only() throws SQLException {
        assertThat(findings()).hasSize(1);
        return findings().getFirst();
    }
}

package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.pending;
import static dev.headroom.operator.index.TestOperator.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.concern.Concern.Cleanup;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexConcernTest {
    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeEach
    void tasks() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create table tasks (id int primary key, status text, n int, title text, created_at timestamptz, doc jsonb)",
                "insert into tasks select i, 's' || i % 5, i, 't' || i, now(), '{}' from generate_series(1, 500) i");
        operator = TestOperator.on(database);
    }

    @AfterEach
    void close() {
        operator.close();
        database.close();
    }

    @Test
    void aMissingIndexIsBuilt() throws Exception {
        operator.declare(Wanted.index("ix_tasks_status", "tasks", "status"));
        assertThat(verdict(operator.settle()).reason()).isEqualTo(Reason.INDEXES_VALID);
        assertThat(operator.status("ix_tasks_status").state()).isEqualTo(State.VALID);
        assertThat(Sqls.indexes(database))
                .containsExactly("CREATE INDEX ix_tasks_status ON tasks USING btree (status)");
        operator.close();
        assertThat(Sqls.column(database, "select description from headroom_index_history where success order by 1"))
                .containsExactly("<< Flyway Baseline >>", "build ix_tasks_status on public.tasks");
    }

    @Test
    void workEndsWhenTheResourceIsPointedAtAnotherDatabase() throws Exception {
        try (TestPostgres.Database other = TestPostgres.database();
                Held writer = Held.transaction(database, "insert into tasks values (0, 's')")) {
            Sqls.run(other, "create table tasks (id int primary key, status text)");
            operator.limits("1m", "5m").declare(Wanted.index("ix_tasks_status", "tasks", "status"));
            operator.until("ix_tasks_status", State.BUILDING);

            operator.database(TestOperator.access(other, other.user(), other.password()))
                    .settle();

            assertThat(Sqls.indexes(other)).hasSize(1);
            writer.connection().rollback();
            assertThat(Sqls.column(database, "select pid from pg_stat_progress_create_index"))
                    .isEmpty();
            assertThat(Sqls.indexes(database)).isEmpty();
        }
    }

    @Test
    void observeSaysTheExactStatementsAndChangesNothing() throws Exception {
        operator.mode(Mode.OBSERVE).declare(Wanted.index("ix_tasks_status", "tasks", "status"));
        var report = operator.look();
        assertThat(pending(report))
                .hasSize(5)
                .first()
                .asString()
                .startsWith("CREATE INDEX CONCURRENTLY \"headroom_new_");
        assertThat(verdict(report).reason()).isEqualTo(Reason.INDEXES_PENDING);
        assertThat(Sqls.indexes(database)).isEmpty();
        assertThat(Sqls.column(database, "select relname from pg_class where relname like '%headroom%'"))
                .isEmpty();
    }

    /** As at the end of every build: its progress is gone, and the index is not valid yet. */
    @Test
    void itsOwnBuildIsBuildingAlsoWhileTheServerShowsNoProgress() throws Exception {
        operator.mode(Mode.OBSERVE).declare(Wanted.index("ix_tasks_status", "tasks", "status"));
        String create = pending(operator.look()).getFirst();
        String name = create.replaceFirst("^[^\"]*\"", "").replaceFirst("\".*$", "");
        Sqls.run(
                database, create, "update pg_index set indisvalid = false where indexrelid = '" + name + "'::regclass");

        try (Held _ = Held.transaction(database, "alter index " + name + " set (fillfactor = 90)")) {
            operator.look();

            assertThat(operator.status("ix_tasks_status"))
                    .extracting(IndexStatus::state, IndexStatus::blockedBy)
                    .containsExactly(State.BUILDING, null);
        }
    }

    @Test
    void storageParametersInAnotherOrderAreTheSameIndex() throws Exception {
        Sqls.run(database, "create index ix on tasks (n) with (fillfactor = 70, deduplicate_items = off)");
        operator.mode(Mode.OBSERVE)
                .declare(Wanted.index("ix", "tasks", "n")
                        .storage(Map.of("deduplicate_items", "off", "fillfactor", "70")));

        assertThat(pending(operator.look())).isEmpty();
    }

    @Test
    void noFindingSuggestsToDropWhatIsDeclared() throws Exception {
        Sqls.run(
                database,
                "create index narrow on tasks (n)",
                "create index wide on tasks (n, title)",
                "create index a_copy on tasks (status)",
                "create index declared on tasks (status)");
        operator.mode(Mode.OBSERVE)
                .declare(Wanted.index("narrow", "tasks", "n"), Wanted.index("declared", "tasks", "status"));

        List<FindingStatus> findings = operator.look().status().findings();

        assertThat(findings)
                .extracting(FindingStatus::object, FindingStatus::suggestion)
                .containsExactlyInAnyOrder(
                        tuple("public.a_copy", "DROP INDEX CONCURRENTLY \"public\".\"a_copy\";"),
                        tuple("public.narrow", null));
        assertThat(findings).anyMatch(each -> each.evidence().contains("remove it from the spec"));
    }

    @Test
    void noSessionIsOpenAfterTheWork() throws Exception {
        operator.declare(Wanted.index("ix_n", "tasks", "n"), Wanted.index("ix_title", "tasks", "title"))
                .settle();
        operator.close();

        await().untilAsserted(() -> assertThat(Sqls.column(
                        database,
                        "select application_name from pg_stat_activity where application_name like 'headroom%'"
                                + " and datname = current_database()"))
                .isEmpty());
    }

    @Test
    void withoutASecretACleanUpWaitsOnlyWhereSomethingIsToBeDropped() throws Exception {
        operator.removal(Removal.RETAIN);
        assertThat(operator.cleanUpWithoutDatabase()).isEqualTo(Cleanup.done("stopped; its indexes stay"));

        operator.removal(Removal.DROP);
        assertThatThrownBy(operator::cleanUpWithoutDatabase).hasMessageContaining("secret prod/db does not exist");
    }

    @Test
    void oneNameMayBeDeclaredInTwoSchemas() throws Exception {
        Sqls.run(database, "create schema other", "create table other.tasks (id int, status text)");
        operator.close();
        operator = TestOperator.on(database, "public", "other");
        operator.declare(
                Wanted.index("ix", "tasks", "status").in("public"),
                Wanted.index("ix", "tasks", "status").in("other"));

        assertThat(verdict(operator.settle()).message()).isEqualTo("2 of 2 valid");
    }

    @Test
    void anIndexDeclaredWithItsSchemaAndWithoutIsRefusedOnce() throws Exception {
        operator.declare(
                Wanted.index("ix", "tasks", "status"),
                Wanted.index("ix", "tasks", "id").in("public"));

        assertThat(TestOperator.statuses(operator.settle()))
                .extracting(IndexStatus::state)
                .containsExactly(State.VALID, State.REFUSED);
    }
}

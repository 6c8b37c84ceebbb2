package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplacementTest {
    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeEach
    void table() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create table tasks (id int primary key, status text, n int)",
                "insert into tasks select i, 's' || i % 5, i from generate_series(1, 200) i");
        operator = TestOperator.on(database);
    }

    @AfterEach
    void close() {
        operator.close();
        database.close();
    }

    @Test
    void anIndexOfOursIsReplacedByItsNewDefinition() throws Exception {
        operator.declare(index("ix", "tasks", "status")).settle();
        operator.declare(index("ix", "tasks", "n")).settle();
        assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX ix ON tasks USING btree (n)");
    }

    @Test
    void aStrangersIndexMakesWayAndIsKept() throws Exception {
        Sqls.run(database, "create index ix on tasks (status)");
        operator.removal(Removal.DROP).declare(index("ix", "tasks", "n")).settle();
        assertThat(Sqls.indexes(database))
                .hasSize(2)
                .contains("CREATE INDEX ix ON tasks USING btree (n)")
                .anyMatch(sql -> sql.matches("CREATE INDEX ix_replaced_\\d+ ON tasks USING btree \\(status\\)"));
        operator.declare().settle();
        assertThat(Sqls.indexes(database)).singleElement().asString().contains("ix_replaced_");
    }

    @Test
    void anIndexThatIsRenamedInTheDeclarationIsRenamedInTheDatabase() throws Exception {
        operator.declare(index("ix", "tasks", "status")).settle();
        String oid = Sqls.column(database, "select 'ix'::regclass::oid").getFirst();
        operator.declare(index("ix_status", "tasks", "status")).settle();
        assertThat(Sqls.column(database, "select 'ix_status'::regclass::oid")).containsExactly(oid);
    }

    @Test
    void anEqualIndexOfAStrangerServesAndIsNeverDropped() throws Exception {
        Sqls.run(database, "create index ix on tasks (status)");
        operator.removal(Removal.DROP).declare(index("ix", "tasks", "status")).settle();
        assertThat(operator.status("ix").message()).contains("never be dropped");
        operator.declare().settle();
        assertThat(Sqls.indexes(database)).hasSize(1);
    }

    @Test
    void theIndexOfAConstraintIsNotTouched() throws Exception {
        Sqls.run(database, "alter table tasks add constraint ix unique (n)");
        operator.declare(index("ix", "tasks", "status"));
        operator.settle();
        assertThat(operator.status("ix").state()).isEqualTo(State.REFUSED);
        assertThat(operator.status("ix").message()).contains("enforces the constraint ix");
    }

    @Test
    void whatIsNoLongerDeclaredIsKeptOrDroppedAsRemovalSays() throws Exception {
        operator.declare(index("ix", "tasks", "status"), index("iy", "tasks", "n"))
                .settle();
        operator.declare(index("iy", "tasks", "n")).settle();
        assertThat(operator.status("ix").state()).isEqualTo(State.RETAINED);
        operator.removal(Removal.DROP).settle();
        assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX iy ON tasks USING btree (n)");
    }

    @Test
    void anotherResourcesIndexIsAConflictUntilItIsReleasedAndThenTakenOver() throws Exception {
        operator.declare(index("ix", "tasks", "status")).settle();
        try (TestOperator second = TestOperator.as(
                        "second", TestOperator.access(database, database.user(), database.password()))
                .declare(index("ix", "tasks", "n"))) {
            second.settle();
            assertThat(second.status("ix").state()).isEqualTo(State.CONFLICT);
            assertThat(operator.cleanUp()).contains("1 indexes stay");
            second.settle();
        }
        assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX ix ON tasks USING btree (n)");
    }

    @Test
    void aDeletedResourceTakesItsIndexesAlongWhenRemovalIsDrop() throws Exception {
        Sqls.run(database, "create index strangers on tasks (n)");
        operator.removal(Removal.DROP).declare(index("ix", "tasks", "status")).settle();
        operator.cleanUp();
        assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX strangers ON tasks USING btree (n)");
    }

    /** A drop would cost the other one hours without its index. */
    @Test
    void anIndexThatAnotherResourceDeclaresIsHandedOver() throws Exception {
        operator.removal(Removal.DROP).declare(index("ix", "tasks", "status")).settle();
        String oid = Sqls.column(database, "select 'ix'::regclass::oid").getFirst();
        operator.declaredElsewhere(new Name("public", "ix"), "second");

        operator.declare().settle();

        takenOverBySecond(oid);
    }

    @Test
    void aDeletionHandsOverWhatAnotherResourceDeclares() throws Exception {
        operator.removal(Removal.DROP)
                .declare(index("ix", "tasks", "status"), index("iy", "tasks", "n"))
                .settle();
        String oid = Sqls.column(database, "select 'ix'::regclass::oid").getFirst();
        operator.declaredElsewhere(new Name("public", "ix"), "second");

        operator.cleanUp();

        assertThat(Sqls.indexes(database)).singleElement().asString().contains("(status)");
        takenOverBySecond(oid);
    }

    private void takenOverBySecond(String oid) throws Exception {
        try (TestOperator second =
                TestOperator.as("second", TestOperator.access(database, database.user(), database.password()))) {
            second.declare(index("ix", "tasks", "status")).settle();
        }
        assertThat(Sqls.column(database, "select 'ix'::regclass::oid")).containsExactly(oid);
        assertThat(Sqls.column(database, "select obj_description('ix'::regclass)"))
                .singleElement()
                .asString()
                .contains("owner=uid-second");
    }

    @ParameterizedTest
    @EnumSource(Removal.class)
    void anIndexInTheFormerSchemaIsKeptOrDroppedAsRemovalSays(Removal removal) throws Exception {
        Sqls.run(
                database,
                "create schema a",
                "create schema b",
                "create table a.tasks (id int, status text)",
                "create table b.tasks (id int, status text)");
        operator.removal(removal)
                .declare(index("ix", "tasks", "status").in("a"))
                .settle();

        List<IndexStatus> statuses = TestOperator.statuses(
                operator.declare(index("ix", "tasks", "status").in("b")).settle());

        boolean kept = removal == Removal.RETAIN;
        assertThat(Sqls.column(
                        database,
                        "select indexrelid::regclass::text from pg_index where indrelid = 'b.tasks'::regclass"))
                .containsExactly("b.ix");
        assertThat(Sqls.column(
                        database,
                        "select indexrelid::regclass::text from pg_index where indrelid = 'a.tasks'::regclass"))
                .isEqualTo(kept ? List.of("a.ix") : List.of());
        assertThat(statuses)
                .extracting(status -> status.name() + " " + status.state())
                .isEqualTo(kept ? List.of("ix VALID", "a.ix RETAINED") : List.of("ix VALID"));
    }

    @Test
    void anInvalidLeftoverOfSomebodysFailedBuildIsReplaced() throws Exception {
        Sqls.run(
                database,
                "create index ix on tasks (status)",
                "update pg_index set indisvalid = false where indexrelid = 'ix'::regclass");
        operator.declare(index("ix", "tasks", "status")).settle();
        assertThat(Sqls.invalid(database)).isEmpty();
        assertThat(operator.status("ix").state()).isEqualTo(State.VALID);
    }
}

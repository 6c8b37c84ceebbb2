package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.Mode;
import dev.headroom.testkit.TestPostgres;
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
        assertThat(operator.settle().verdict().reason()).isEqualTo("IndexesValid");
        assertThat(operator.status("ix_tasks_status").state()).isEqualTo(State.VALID);
        assertThat(Sqls.indexes(database))
                .containsExactly("CREATE INDEX ix_tasks_status ON tasks USING btree (status)");
        assertThat(Sqls.column(database, "select description from headroom_index_history where success order by 1"))
                .containsExactly("<< Flyway Baseline >>", "build ix_tasks_status on public.tasks");
    }

    @Test
    void observeSaysTheExactStatementsAndChangesNothing() throws Exception {
        operator.mode(Mode.OBSERVE).declare(Wanted.index("ix_tasks_status", "tasks", "status"));
        var report = operator.look();
        assertThat(report.pending())
                .hasSize(5)
                .first()
                .asString()
                .startsWith("CREATE INDEX CONCURRENTLY \"headroom_new_");
        assertThat(report.verdict().reason()).isEqualTo("IndexesPending");
        assertThat(Sqls.indexes(database)).isEmpty();
        assertThat(Sqls.column(database, "select relname from pg_class where relname like '%headroom%'"))
                .isEmpty();
    }
}

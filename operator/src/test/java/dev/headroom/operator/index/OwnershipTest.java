package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec.Adopt;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resources that vanish without a word, and who has their indexes then (decision 0145). */
class OwnershipTest {
    private static final String MARK = "select obj_description(c.oid, 'pg_class') from pg_class c where relname = 'ix'";

    private TestPostgres.Database database;
    private DatabaseAccess access;

    @BeforeEach
    void anIndexOfAResourceThatVanished() throws Exception {
        database = TestPostgres.database();
        access = TestOperator.access(database, database.user(), database.password());
        Sqls.run(database, "create table tasks (id int primary key, a text, b text)");
        try (TestOperator vanished = TestOperator.of("cluster-1", "shop", "uid-1", access)) {
            vanished.declare(index("ix", "tasks", "a")).settle();
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRecreatedResourceGoesOnWithItsIndexes() throws Exception {
        try (TestOperator recreated = TestOperator.of("cluster-1", "shop", "uid-2", access)) {
            recreated.declare(index("ix", "tasks", "b")).settle();
            assertThat(recreated.status("ix").state()).isEqualTo(State.VALID);
            assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX ix ON tasks USING btree (b)");
            assertThat(Sqls.column(database, MARK)).first().asString().contains("cluster=cluster-1 owner=uid-2");

            recreated.declare().removal(Removal.DROP).settle();
            assertThat(Sqls.indexes(database)).isEmpty();
        }
    }

    @Test
    void aRecreatedResourceReleasesItsIndexes() throws Exception {
        try (TestOperator recreated = TestOperator.of("cluster-1", "shop", "uid-2", access)) {
            recreated.declare(index("ix", "tasks", "a"));
            assertThat(recreated.cleanUp()).isEqualTo("1 indexes stay as they are");
            assertThat(Sqls.column(database, MARK)).first().asString().startsWith("headroom.dev/v1 released ");
        }
    }

    @Test
    void anotherClusterHasAConflict_andTakesOverWhenToldTo() throws Exception {
        try (TestOperator elsewhere = TestOperator.of("cluster-2", "shop", "uid-1", access)) {
            elsewhere.declare(index("ix", "tasks", "b"));
            IndexStatus conflict = elsewhere.status("ix");
            assertThat(conflict.state()).isEqualTo(State.CONFLICT);
            assertThat(conflict.message()).contains("prod/shop of another cluster", "spec.indexes.adopt: Always");

            elsewhere.adopt(Adopt.ALWAYS).settle();
            assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX ix ON tasks USING btree (b)");
            assertThat(Sqls.column(database, MARK)).first().asString().contains("cluster=cluster-2 owner=uid-1");
        }
    }

    @Test
    void aLivingResourceIsNeverRobbed() throws Exception {
        try (TestOperator other = TestOperator.of("cluster-1", "other", "uid-3", access)) {
            other.declare(index("ix", "tasks", "b")).adopt(Adopt.ALWAYS, "prod/shop", "prod/other");
            assertThat(other.status("ix").state()).isEqualTo(State.CONFLICT);

            other.adopt(Adopt.ALWAYS, "prod/other").settle();
            assertThat(Sqls.indexes(database)).containsExactly("CREATE INDEX ix ON tasks USING btree (b)");
        }
    }

    @Test
    void aMarkWithoutAClusterIsCompleted() throws Exception {
        Sqls.run(
                database,
                "comment on index ix is 'headroom.dev/v1 owner=uid-1 resource=prod/shop definition=0 origin=declared'");
        try (TestOperator same = TestOperator.of("cluster-1", "shop", "uid-1", access)) {
            same.declare(index("ix", "tasks", "a")).settle();
            assertThat(Sqls.column(database, MARK)).first().asString().contains("cluster=cluster-1 owner=uid-1");
        }
    }
}

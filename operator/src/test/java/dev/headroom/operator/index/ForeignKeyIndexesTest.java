package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeys;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForeignKeyIndexesTest {
    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeEach
    void tables() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create table a (id int primary key)",
                "create table b (id int primary key, a_id int references a, other_id int references a)",
                "create index strangers on b (other_id)");
        operator = TestOperator.on(database).removal(Removal.DROP);
    }

    @AfterEach
    void close() {
        operator.close();
        database.close();
    }

    @Test
    void aKeyWithoutAnIndexGetsOneAndKeepsIt() throws Exception {
        operator.foreignKeys(ForeignKeys.CREATE).settle();
        assertThat(Sqls.indexes(database)).hasSize(2).anyMatch(sql -> sql.endsWith("btree (a_id)"));
        assertThat(operator.look().pending()).isEmpty();
        assertThat(TestOperator.statuses(operator.look()))
                .singleElement()
                .satisfies(each -> assertThat(each.origin()).isEqualTo(Origin.FOREIGN_KEY));
    }

    @Test
    void aDeclaredIndexThatServesTheKeyMakesAnotherNeedless() throws Exception {
        operator.foreignKeys(ForeignKeys.CREATE)
                .declare(index("mine", "b", "a_id", "id"))
                .settle();
        assertThat(Sqls.indexes(database)).hasSize(2).anyMatch(sql -> sql.contains("INDEX mine"));
    }

    @Test
    void reportBuildsNothing() throws Exception {
        operator.foreignKeys(ForeignKeys.REPORT).settle();
        assertThat(Sqls.indexes(database)).hasSize(1);
    }
}

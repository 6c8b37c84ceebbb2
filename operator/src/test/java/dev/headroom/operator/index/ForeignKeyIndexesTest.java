package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.pending;
import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Name;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec.Exclusion;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec.Policy;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.ForeignKeyIndexes;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
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
        operator.foreignKeys(Policy.CREATE).settle();
        assertThat(Sqls.indexes(database)).hasSize(2).anyMatch(sql -> sql.endsWith("btree (a_id)"));
        assertThat(pending(operator.look())).isEmpty();
        assertThat(TestOperator.statuses(operator.look()))
                .singleElement()
                .satisfies(each -> assertThat(each.origin()).isEqualTo(Origin.FOREIGN_KEY));
    }

    @Test
    void aDeclaredIndexThatServesTheKeyMakesAnotherNeedless() throws Exception {
        operator.foreignKeys(Policy.CREATE)
                .declare(index("mine", "b", "a_id", "id"))
                .settle();
        assertThat(Sqls.indexes(database)).hasSize(2).anyMatch(sql -> sql.contains("INDEX mine"));
    }

    @Test
    void reportBuildsNothing() throws Exception {
        operator.foreignKeys(Policy.REPORT).settle();
        assertThat(Sqls.indexes(database)).hasSize(1);
    }

    @Test
    void anExcludedKeyIsNeitherServedNorReported() throws Exception {
        operator.foreignKeys(Policy.CREATE, new Exclusion(null, "b", null)).settle();

        assertThat(Sqls.indexes(database)).hasSize(1);
        assertThat(operator.look().status().findings())
                .extracting(FindingStatus::kind)
                .doesNotContain("ForeignKeyWithoutIndex");
    }

    @Test
    void anIndexOfAKeyThatIsExcludedLaterGoesAsTheSpecSays() throws Exception {
        operator.foreignKeys(Policy.CREATE).settle();
        assertThat(Sqls.indexes(database)).hasSize(2);

        operator.foreignKeys(Policy.CREATE, new Exclusion("public", "b", "b_a_id_fkey"))
                .settle();

        assertThat(Sqls.indexes(database)).hasSize(1);
    }

    @Test
    void theKeyOfAPartitionGoesWithThatOfItsParent() {
        ForeignKey inherited = new ForeignKey(
                "k",
                new Name("s", "part"),
                List.of("a"),
                new Name("s", "other"),
                "",
                false,
                new Name("s", "whole"),
                0,
                0);
        ForeignKeysSpec excluded = new ForeignKeysSpec(Policy.CREATE, List.of(new Exclusion(null, "whole", null)));

        assertThat(ForeignKeyIndexes.considered(excluded, List.of(inherited))).isEmpty();
        assertThat(ForeignKeyIndexes.considered(ForeignKeysSpec.REPORT, List.of(inherited)))
                .containsExactly(inherited);
    }
}

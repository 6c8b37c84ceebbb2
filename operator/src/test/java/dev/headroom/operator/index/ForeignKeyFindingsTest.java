package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.pending;
import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec.Policy;
import dev.headroom.operator.crd.Mode;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A suggestion for what the plan builds anyway would, if pasted, leave two indexes for one purpose. */
class ForeignKeyFindingsTest {
    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeEach
    void tables() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create table a (id int primary key)",
                "create table b (id int primary key, a_id int references a, other_id int references a)",
                "create table p (a_id int references a, day int) partition by range (day)",
                "create table p_1 partition of p for values from (0) to (1)",
                "create table p_2 partition of p for values from (1) to (2)");
        operator = TestOperator.on(database).mode(Mode.OBSERVE);
    }

    @AfterEach
    void close() {
        operator.close();
        database.close();
    }

    @Test
    void aKeyThatADeclaredIndexWillServeIsNoFinding_aKeyThatNoneWillServeIs() throws Exception {
        operator.declare(index("ix_b_a", "b", "a_id", "id"), index("ix_p", "p", "a_id"));
        assertThat(objects()).containsExactly("public.b b_other_id_fkey");
    }

    @Test
    void noKeyIsAFindingWhereEachGetsAnIndex() throws Exception {
        operator.foreignKeys(Policy.CREATE);
        assertThat(pending(operator.look())).isNotEmpty();
        assertThat(objects()).isEmpty();
    }

    @Test
    void anIndexThatCannotServeTheKeyLeavesTheFinding() throws Exception {
        operator.declare(
                index("ix_b_id_a", "b", "id", "a_id"),
                index("ix_b_part", "b", "other_id").where("id > 5"),
                index("ix_p_1", "p_1", "a_id"));
        assertThat(findings())
                .extracting(FindingStatus::object)
                .containsExactly("public.p p_a_id_fkey", "public.b b_a_id_fkey", "public.b b_other_id_fkey");
        assertThat(findings().getFirst().suggestion())
                .as("only the partition that no declared index is for")
                .contains("p_2")
                .doesNotContain("p_1");
    }

    @Test
    void anIndexThatIsRefusedServesNoKey() throws Exception {
        Sqls.run(database, "create view taken as select 1");
        operator.declare(index("taken", "b", "a_id"), index("b_pkey", "b", "other_id"));
        assertThat(TestOperator.statuses(operator.look()))
                .extracting(each -> each.state())
                .containsOnly(State.REFUSED);
        assertThat(objects())
                .containsExactly("public.p p_a_id_fkey", "public.b b_a_id_fkey", "public.b b_other_id_fkey");
    }

    @Test
    void anIndexOfAnotherResourceServesNoKeyOfThisOneUntilItIsThere() throws Exception {
        Sqls.run(database, "create index ix_b_a on b (id)");
        try (TestOperator other =
                TestOperator.as("other", TestOperator.access(database, database.user(), database.password()))) {
            other.declare(index("ix_b_a", "b", "id", "other_id")).settle();
        }
        operator.declare(index("ix_b_a", "b", "a_id"));
        assertThat(operator.status("ix_b_a").state()).isEqualTo(State.CONFLICT);
        assertThat(objects()).contains("public.b b_a_id_fkey");
    }

    @Test
    void neitherWhileTheIndexIsBuiltNorThereafterIsTheKeyAFinding() throws Exception {
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            Sqls.run(writer, "insert into b values (1, null, null)");
            operator.mode(Mode.APPLY).declare(index("ix_b_a", "b", "a_id"), index("ix_p", "p", "a_id"));
            operator.look();
            assertThat(objects()).containsExactly("public.b b_other_id_fkey");
            writer.rollback();
        }
        operator.settle();
        assertThat(objects()).containsExactly("public.b b_other_id_fkey");
    }

    private List<String> objects() throws Exception {
        return findings().stream().map(FindingStatus::object).toList();
    }

    private List<FindingStatus> findings() throws Exception {
        return operator.look().status().findings().stream()
                .filter(each -> each.kind().equals("ForeignKeyWithoutIndex"))
                .toList();
    }
}

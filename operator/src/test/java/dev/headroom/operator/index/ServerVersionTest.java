package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.crd.Reason;
import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/** On whatever version this run has; with -Dpostgres.version=14.3.0 it is one that loses rows of concurrent builds. */
class ServerVersionTest {

    private static final int FIRST_SOUND = 14_00_04;

    @Test
    void aServerIsWorkedOn_unlessItCanCorruptWhatIsBuiltConcurrently() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                TestOperator operator = TestOperator.on(database).declare(Wanted.index("ix", "tasks", "status"))) {
            Sqls.run(database, "create table tasks (id int primary key, status text)");
            int version = Integer.parseInt(
                    Sqls.column(database, "show server_version_num").getFirst());
            ConcernReport report = operator.settle();
            if (version >= FIRST_SOUND) {
                assertThat(verdict(report).reason()).isEqualTo(Reason.INDEXES_VALID);
                assertThat(Sqls.indexes(database)).hasSize(1);
            } else {
                assertThat(verdict(report).reason()).isEqualTo(Reason.SERVER_UNSUPPORTED);
                assertThat(verdict(report).message()).contains("can corrupt indexes", "14.4", "update the server");
                assertThat(Sqls.indexes(database)).isEmpty();
                assertThat(Sqls.column(database, "select relname from pg_class where relname like 'headroom%'"))
                        .isEmpty();
            }
        }
    }
}

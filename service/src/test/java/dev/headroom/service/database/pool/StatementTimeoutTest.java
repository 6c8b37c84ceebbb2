package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.failure.StatementCancelled;
import dev.headroom.service.database.failure.StatementTimedOut;
import dev.headroom.service.database.statement.Query;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatementTimeoutTest {

    private static final String RUNNING =
            "select count(*) from pg_stat_activity where query like '%pg_sleep(%' and state = 'active'"
                    + " and pid <> pg_backend_pid() and datname = current_database()";

    private final TestDatabase test =
            TestDatabase.open(settings -> settings.withStatementTimeout(Duration.ofMillis(400)));

    @AfterEach
    void close() {
        assertThat(test.active()).isZero();
        test.close();
    }

    @Test
    void aStatementOverItsBudgetIsCancelledOnTheServerAndSaysWhichSettingToChange() throws SQLException {
        assertThatThrownBy(() -> test.list("select pg_sleep(30)::text"))
                .isInstanceOfSatisfying(StatementTimedOut.class, failure -> {
                    assertThat(failure.retryAfter()).isPresent();
                    assertThat(failure.statement()).isEqualTo("test");
                })
                .hasMessageContaining("database.statement-timeout (400ms)");
        assertThat(test.ask(RUNNING)).isEqualTo("0");
        assertThat(test.list("select 1 as a")).isEqualTo("[{\"a\":1}]");
    }

    @Test
    void theTimeoutLiesInTheSessionSoThatItHoldsWithoutUs() {
        assertThat(test.list("show statement_timeout")).isEqualTo("[{\"statement_timeout\":\"400ms\"}]");
    }

    @Test
    void aStatementThatAnAdministratorCancelsIsNotCalledATimeout() throws SQLException {
        try (Database patient = new Database(TestDatabase.settings(test.server()))) {
            var running =
                    CompletableFuture.supplyAsync(() -> patient.list(Query.of("sleep", "select pg_sleep(30)::text")));
            await().until(() -> test.ask(RUNNING).equals("1"));

            test.ask("select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep(30)%'"
                    + " and pid <> pg_backend_pid() and datname = current_database()");

            assertThatThrownBy(running::join).cause().isInstanceOf(StatementCancelled.class);
        }
    }
}

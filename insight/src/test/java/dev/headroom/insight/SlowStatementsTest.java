package dev.headroom.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a server of its own: what is recorded is the whole server's. */
class SlowStatementsTest {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = TestPostgres.server();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void statementsComeWithTheMostTotalTimeFirst() throws SQLException {
        try (var database = server.database();
                Connection connection = database.connect()) {
            Db.execute(
                    connection,
                    "create schema extensions",
                    "create extension pg_stat_statements schema extensions",
                    "select extensions.pg_stat_statements_reset()", // making the extension may take longer than the
                    // sleep
                    "select pg_sleep(0.2)",
                    "select 1",
                    "select 1");

            assertThat(SlowStatements.byTotalTime(connection, 50))
                    .isInstanceOfSatisfying(SlowStatements.Available.class, available -> {
                        SlowStatements.Statement slowest =
                                available.statements().getFirst();
                        assertThat(slowest.query()).isEqualTo("select pg_sleep($1)");
                        assertThat(slowest.total()).isGreaterThan(Duration.ofMillis(200));
                        assertThat(slowest.mean()).isEqualTo(slowest.total());
                        assertThat(available.statements())
                                .filteredOn(statement -> "select $1".equals(statement.query()))
                                .singleElement()
                                .satisfies(statement ->
                                        assertThat(statement.calls()).isEqualTo(2));
                    });
            assertThat(SlowStatements.byTotalTime(connection, 1))
                    .isInstanceOfSatisfying(
                            SlowStatements.Available.class,
                            available -> assertThat(available.statements()).hasSize(1));
        }
    }
}

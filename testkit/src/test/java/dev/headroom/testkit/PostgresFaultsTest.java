package dev.headroom.testkit;

import static dev.headroom.testkit.TestPostgresTest.execute;
import static dev.headroom.testkit.TestPostgresTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresFaultsTest {

    private final PostgresServer server = TestPostgres.server(
            PostgresOptions.defaults().setting("max_connections", 17).password("it's a secret"));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRestartKeepsAddressAndDataAndBreaksConnections() throws SQLException {
        try (TestPostgres.Database database = server.database();
                Connection before = database.connect()) {
            execute(before, "CREATE TABLE t AS SELECT 1 AS id");
            server.restart();
            assertThat(before.isValid(1)).isFalse();
            try (Connection after = database.connect()) {
                assertThat(text(after, "SELECT id FROM t")).isEqualTo("1");
            }
        }
    }

    @Test
    void aKilledServerIsGoneAtOnceAndRecoversWhatWasCommitted() throws SQLException {
        try (TestPostgres.Database database = server.database();
                Connection before = database.connect()) {
            execute(before, "SET synchronous_commit = on");
            execute(before, "CREATE TABLE t AS SELECT 1 AS id");
            server.kill();
            assertThatThrownBy(database::connect).hasMessageContaining("refused");
            server.start();
            try (Connection after = database.connect()) {
                assertThat(text(after, "SELECT id FROM t")).isEqualTo("1");
            }
        }
    }

    @Test
    void aSuspendedServerAnswersNothingUntilItIsResumed() throws Exception {
        try (TestPostgres.Database database = server.database();
                Connection connection = database.connect()) {
            server.suspend();
            assertThat(connection.isValid(1)).isFalse();
            CompletableFuture<Connection> opening = CompletableFuture.supplyAsync(() -> connect(database));
            server.resume();
            await().untilAsserted(() -> assertThat(opening).isCompleted());
            opening.join().close();
        }
    }

    @Test
    void aStoppedSessionAnswersNothingWhileOthersGoOn() throws Exception {
        try (TestPostgres.Database database = server.database();
                Connection stopped = database.connect()) {
            long pid = Long.parseLong(text(stopped, "SELECT pg_backend_pid()"));
            server.signal("STOP", pid);
            assertThat(stopped.isValid(1)).isFalse();
            try (Connection other = database.connect()) {
                assertThat(text(other, "SELECT 1")).isEqualTo("1");
            }
            server.signal("CONT", pid);
        }
        assertThatThrownBy(() -> server.signal("CONT", 99_999_999)).hasMessageContaining("99999999");
    }

    @Test
    void itHasTheSettingsAndThePasswordThatWereAskedFor() throws SQLException {
        try (Connection connection = server.connect("postgres")) {
            assertThat(text(connection, "SHOW max_connections")).isEqualTo("17");
        }
        assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "postgres"))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void oneThatDoesNotStartSaysWhy() {
        PostgresOptions wrong = PostgresOptions.defaults().setting("max_connections", "many");
        assertThatThrownBy(() -> TestPostgres.server(wrong))
                .hasMessageContainingAll("did not start", "max_connections");
    }

    private static Connection connect(TestPostgres.Database database) {
        try {
            return database.connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

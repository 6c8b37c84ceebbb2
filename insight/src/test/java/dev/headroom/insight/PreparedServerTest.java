package dev.headroom.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.headroom.testkit.PostgresOptions;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only a server with other settings than the shared one has. */
class PreparedServerTest {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = TestPostgres.server(PostgresOptions.defaults()
                .setting("shared_preload_libraries", "pg_stat_statements")
                .setting("max_prepared_transactions", 5)
                .setting("wal_level", "logical"));
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
                    "select pg_sleep(0.05)",
                    "select 1",
                    "select 1");

            assertThat(SlowStatements.byTotalTime(connection, 50))
                    .isInstanceOfSatisfying(SlowStatements.Available.class, available -> {
                        SlowStatements.Statement slowest =
                                available.statements().getFirst();
                        assertThat(slowest.query()).isEqualTo("select pg_sleep($1)");
                        assertThat(slowest.total()).isGreaterThan(Duration.ofMillis(50));
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

    @Test
    void preparedTransactionsAndSlotsHoldSnapshotsAndSayHowToLetGo() throws SQLException {
        try (var database = server.database();
                Connection connection = database.connect()) {
            Db.execute(
                    connection,
                    "create table t (a int)",
                    "select pg_create_logical_replication_slot('feed', 'pgoutput')",
                    "begin",
                    "insert into t values (1)",
                    "prepare transaction 'it''s mine'");

            assertThat(HeldSnapshots.all(connection))
                    .extracting(HeldSnapshot::holder, HeldSnapshot::who, HeldSnapshot::release)
                    .contains(
                            tuple(
                                    HeldSnapshot.Holder.PREPARED_TRANSACTION,
                                    "it's mine",
                                    "ROLLBACK PREPARED 'it''s mine';"),
                            tuple(
                                    HeldSnapshot.Holder.REPLICATION_SLOT,
                                    "feed",
                                    "SELECT pg_drop_replication_slot('feed');"));
            assertThat(HeldSnapshots.delayingBuilds(connection, Duration.ZERO))
                    .as("a slot delays vacuum, not builds")
                    .extracting(HeldSnapshot::who)
                    .containsExactly("it's mine");
            for (HeldSnapshot held : HeldSnapshots.all(connection)) {
                Db.execute(connection, held.release());
            }
            assertThat(HeldSnapshots.all(connection)).isEmpty();
        }
    }
}

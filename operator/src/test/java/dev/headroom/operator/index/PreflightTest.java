package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.PostgresOptions;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a build waits for outside, each named with the way out; what holds up no build is not waited for. */
class PreflightTest {

    private static PostgresServer server;

    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeAll
    static void start() {
        server = TestPostgres.server(PostgresOptions.defaults()
                .setting("max_prepared_transactions", 5)
                .setting("wal_level", "logical"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void table() throws Exception {
        database = server.database();
        Sqls.run(
                database,
                "create table tasks (id int primary key, status text)",
                "create table elsewhere (id int)",
                "insert into tasks select i, repeat('s', 500) from generate_series(1, 20000) i");
        operator = TestOperator.on(database).limits("1s", "30s").declare(index("ix", "tasks", "status"));
    }

    @AfterEach
    void close() {
        operator.close();
        database.close();
    }

    @Test
    void aPreparedTransactionThatWroteToTheTable() throws Exception {
        try (Connection writer = database.connect()) {
            Sqls.run(writer, "begin", "insert into tasks values (-1, 'x')", "prepare transaction 'half done'");
        }
        try {
            assertThat(operator.until("ix", State.BLOCKED).blockedBy())
                    .contains("\"half done\" of postgres is a prepared transaction that wrote to the table")
                    .contains("ROLLBACK PREPARED");
        } finally {
            Sqls.run(database, "rollback prepared 'half done'");
        }
        operator.until("ix", State.VALID);
    }

    @Test
    void aVacuumOfTheTable() throws Exception {
        try (Connection vacuum = database.connect()) {
            Sqls.run(vacuum, "set vacuum_cost_limit = 1", "set vacuum_cost_delay = 100");
            CompletableFuture<Void> running = background(vacuum, "vacuum (disable_page_skipping) tasks");
            await().until(() -> !Sqls.column(database, "select pid from pg_stat_progress_vacuum")
                    .isEmpty());
            assertThat(operator.until("ix", State.BLOCKED).blockedBy())
                    .contains("holds a lock on the table that excludes a build")
                    .contains("vacuum (disable_page_skipping) tasks")
                    .contains("pg_terminate_backend");
            assertThat(running).isNotDone();
            cancelAll("vacuum%");
            running.exceptionally(cancelled -> null).join();
        }
        operator.until("ix", State.VALID);
    }

    @Test
    void anotherBuildOnTheTable() throws Exception {
        try (Held writer = Held.transaction(database, "insert into tasks values (-2, 'x')");
                Connection builder = database.connect()) {
            CompletableFuture<Void> running =
                    background(builder, "create index concurrently other on tasks (id, status)");
            await().until(() -> !Sqls.column(database, "select pid from pg_stat_progress_create_index")
                    .isEmpty());
            assertThat(operator.until("ix", State.BLOCKED).blockedBy())
                    .contains("holds a lock on the table that excludes a build")
                    .contains("create index concurrently other");
            writer.connection().rollback();
            running.join();
        }
        operator.until("ix", State.VALID);
    }

    @Test
    void noReplicationSlot_noOtherDatabase_andNobodyWhoWroteElsewhere() throws Exception {
        // A slot can only be made while nobody writes.
        Sqls.run(database, "select pg_create_logical_replication_slot('feed', 'pgoutput')");
        try (TestPostgres.Database other = server.database();
                Held there = Held.snapshot(other);
                Held writer = Held.transaction(database, "insert into elsewhere values (1)")) {
            // The writer has no snapshot between its statements, and the slot keeps old rows only.
            operator.until("ix", State.VALID);
            assertThat(there.connection().isClosed()).isFalse();
            assertThat(writer.connection().isClosed()).isFalse();
        } finally {
            Sqls.run(database, "select pg_drop_replication_slot('feed')");
        }
    }

    /** Their predicate locks have no age and outlive them for as long as another serializable transaction overlaps. */
    @Test
    void serializableReadersAreNotWaitedFor() throws Exception {
        try (SerializableReaders readers = SerializableReaders.on(database, "select count(*) from tasks")) {
            await().until(() -> !Sqls.column(database, "select pid from pg_locks where mode = 'SIReadLock'")
                    .isEmpty());

            operator.until("ix", State.VALID);

            assertThat(readers.failures()).isEmpty();
        }
    }

    private void cancelAll(String statement) throws SQLException {
        Sqls.run(
                database,
                "select pg_cancel_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like '"
                        + statement + "'");
    }

    private static CompletableFuture<Void> background(Connection connection, String sql) {
        return CompletableFuture.runAsync(() -> {
            try {
                Sqls.run(connection, sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}

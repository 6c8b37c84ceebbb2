package dev.headroom.service.database.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.StatementFailed;
import dev.headroom.service.database.failure.StatementTimedOut;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import dev.headroom.service.database.statement.StatementDescription;
import dev.headroom.testkit.PgBouncer;
import dev.headroom.testkit.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Behind a PgBouncer that gives every transaction another server connection. */
class PgBouncerTest {

    private final TestPostgres.Database server = TestPostgres.database();
    private final TimeZone zone = TimeZone.getDefault();
    private PgBouncer bouncer;
    private Database database;

    @BeforeEach
    void open() {
        bouncer = PgBouncer.before(server.server(), Map.of());
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        database = new Database(settings().behindPgBouncer(server.jdbcUrl()));
    }

    private DatabaseSettings settings() {
        return DatabaseSettings.of(bouncer.jdbcUrl(server.name()), server.user(), server.password())
                .withPool(PoolSettings.defaults()
                        .withSize(new PoolSize(3, 3))
                        .withQueueTimeout(Duration.ofSeconds(30))
                        .withAcquireTimeout(Duration.ofSeconds(2)))
                .withStatementTimeout(Duration.ofMillis(700));
    }

    @AfterEach
    void close() {
        TimeZone.setDefault(zone);
        if (database != null) {
            assertThat(database.pool().gauges().active()).isZero();
            database.close();
            bouncer.close();
        }
        server.close();
    }

    @Test
    void statementsRunManyTimesOnChangingConnectionsWithUtcAndTheTimeoutInForce() {
        await().until(() -> database.pool().gauges().idle() == 3);
        Query query = Query.of(
                "state",
                "select ?::int n, current_setting('TimeZone') z, current_setting('statement_timeout') t,"
                        + " current_setting('transaction_read_only') r",
                new Param(SqlType.INTEGER, 7));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int call = 0; call < 100; call++) {
                answers.add(CompletableFuture.supplyAsync(() -> new String(database.list(query), UTF_8), callers));
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join())
                            .isEqualTo("[{\"n\":7,\"z\":\"UTC\",\"t\":\"700ms\",\"r\":\"on\"}]"));
        }
    }

    @Test
    void nothingOfAStatementStaysInTheSession() {
        await().until(() -> database.pool().gauges().idle() == 3);
        for (int call = 0; call < 12; call++) {
            assertThat(list("select 1 as a")).isEqualTo("[{\"a\":1}]");
        }
        List<String> prepared = database.rows(
                Query.of("prepared", "select count(*) from pg_prepared_statements"), row -> row.getString(1));
        assertThat(prepared).containsExactly("0");
    }

    @Test
    void aStatementOverItsBudgetIsCancelledOnTheServer() throws SQLException {
        long began = System.nanoTime();
        assertThatThrownBy(() -> list("select pg_sleep(20)::text")).isInstanceOf(StatementTimedOut.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(list("select 1 as a")).isEqualTo("[{\"a\":1}]");
    }

    @Test
    void aStatementThatFailsLeavesNoOpenTransactionBehind() {
        for (int call = 0; call < 6; call++) {
            assertThatThrownBy(() -> list("select 1 / 0")).isInstanceOf(StatementFailed.class);
            assertThat(list("select 1 as a")).isEqualTo("[{\"a\":1}]");
        }
    }

    @Test
    void describingWorksOnChangingConnections() {
        await().until(() -> database.pool().gauges().idle() == 3);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<StatementDescription>> answers = new ArrayList<>();
            for (int call = 0; call < 30; call++) {
                String sql = "select ?::int as a, ?::uuid as b" + call;
                answers.add(CompletableFuture.supplyAsync(() -> database.describe(sql), callers));
                answers.add(CompletableFuture.supplyAsync(
                        () -> new StatementDescription(List.of(), List.of(list("select 1 as a"))), callers));
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().parameterTypes())
                            .isIn(List.of("int4", "uuid"), List.of("[{\"a\":1}]")));
        }
    }

    @Test
    void whatNeedsASessionGoesPastThePooler() throws SQLException {
        try (var connection = database.direct().getConnection()) {
            assertThat(connection.getMetaData().getURL()).isEqualTo(server.jdbcUrl());
        }
    }

    @Test
    void withoutTheSettingTheRefusalNamesIt() {
        try (Database unaware = new Database(settings())) {
            assertThatThrownBy(() -> unaware.list(Query.of("q", "select 1")))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("database.pgbouncer");
        }
    }

    private String list(String sql) {
        return new String(database.list(Query.of("test", sql)), UTF_8);
    }
}

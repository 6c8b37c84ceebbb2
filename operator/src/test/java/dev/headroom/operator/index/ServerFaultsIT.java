package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.expression;
import static dev.headroom.operator.index.Wanted.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults of whole processes: the server's, and ours. */
class ServerFaultsIT {
    private static final Wanted SLOW = keys("ix", "tasks", expression("slow(n)"));

    private PostgresServer server;
    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeEach
    void serverOfItsOwn() throws Exception {
        server = TestPostgres.server();
        database = server.database();
        Sqls.run(
                database,
                "create function slow(n int) returns int immutable language plpgsql as "
                        + "'begin perform pg_sleep(0.01); return n; end'",
                "create table tasks (id int primary key, status text, n int)",
                "insert into tasks select i, 's' || i % 5, i from generate_series(1, 300) i",
                "checkpoint");
        operator = TestOperator.on(database).declare(SLOW);
    }

    @AfterEach
    void theIndexIsValidAndNothingElseIsLeft() throws Exception {
        operator.until("ix", State.VALID);
        operator.settle();
        operator.close();
        assertThat(Sqls.invalid(database)).isEmpty();
        assertThat(Sqls.indexes(database)).hasSize(1);
        server.close();
    }

    @Test
    void theServerIsRestartedInTheMiddleOfABuild() throws Exception {
        operator.look();
        building();
        server.restart();
    }

    @Test
    void theServerCrashesInTheMiddleOfABuild() throws Exception {
        operator.look();
        building();
        server.kill();
        server.start();
    }

    @Test
    void theDatabaseIsDownAndComesBack() {
        server.kill();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(operator::look).isInstanceOf(SQLException.class);
        }
        server.start();
    }

    @Test
    void theOperatorIsKilledInTheMiddleOfABuildAndStartedAgain() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OperatorProcess.class.getName(),
                        database.jdbcUrl(),
                        database.host(),
                        String.valueOf(database.port()),
                        database.name(),
                        database.user(),
                        database.password()))
                .inheritIO()
                .start();
        try {
            building();
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(Sqls.column(database, "select phase from pg_stat_progress_create_index"))
                .as("the server goes on building")
                .isNotEmpty();
        operator.until("ix", State.BUILDING);
    }

    /** In one test a whole JVM has to start first. */
    private void building() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Sqls.column(database, "select phase from pg_stat_progress_create_index").stream()
                        .anyMatch(phase -> phase.startsWith("building index")));
    }
}

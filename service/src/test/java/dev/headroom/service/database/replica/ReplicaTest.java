package dev.headroom.service.database.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.failure.StatementFailed;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.ReplicaSettings;
import dev.headroom.service.database.statement.Query;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers that can be told apart: one is given as the primary, the other, to be hurt, as its replica. */
class ReplicaTest {

    private static PostgresServer server;
    private TestPostgres.Database replica;
    private TestDatabase test;

    @BeforeAll
    static void start() {
        server = TestPostgres.server();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        replica = server.database();
        mark(replica, "replica");
        test = TestDatabase.open(settings -> settings.withStatementTimeout(Duration.ofSeconds(20))
                .withReplica(new ReplicaSettings(
                        replica.jdbcUrl(), Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofSeconds(10))));
        mark(test.server(), "primary");
        await().until(() -> test.database().replicaInUse());
    }

    private static void mark(TestPostgres.Database database, String name) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("create table who as select '" + name + "'::text as name");
        }
    }

    @AfterEach
    void close() {
        assertThat(test.active()).isZero();
        test.close();
        replica.close();
    }

    @Test
    void readsGoToTheReplicaAndWhatMustBeNewToThePrimary() {
        assertThat(who()).isEqualTo("replica");
        assertThat(test.database().<String, RuntimeException>onPrimary(this::who))
                .isEqualTo("primary");
        assertThat(test.database().rows(Query.of("who", "select name from who"), row -> row.getString(1)))
                .containsExactly("primary");
    }

    @Test
    void urlsMayNameSeveralHostsOfWhichTheFirstThatAnswersIsTaken() throws SQLException {
        try (TestPostgres.Database primary = TestPostgres.database()) {
            mark(primary, "primary");
            var settings = DatabaseSettings.of(manyHosts(primary), primary.user(), primary.password())
                    .withReplica(new ReplicaSettings(
                            manyHosts(replica),
                            Duration.ofMillis(500),
                            Duration.ofMillis(200),
                            Duration.ofSeconds(10)));
            try (Database both = new Database(settings)) {
                await().until(both::replicaInUse);
                assertThat(new String(both.list(Query.of("who", "select name from who")), UTF_8))
                        .contains("replica");
                assertThat(both.rows(Query.of("who", "select name from who"), row -> row.getString(1)))
                        .containsExactly("primary");
                assertThat(both.describe("select name from who").columns()).hasSize(1);
                try (var session = both.direct().getConnection()) {
                    assertThat(session.isValid(1)).isTrue();
                }
            }
        }
    }

    /** The same with a host before it where nobody listens. */
    private static String manyHosts(TestPostgres.Database database) {
        String url = database.jdbcUrl().replaceFirst("//", "//127.0.0.1:1,");
        return url + (url.contains("?") ? "&" : "?") + "targetServerType=preferSecondary";
    }

    @Test
    void aReplicaThatDiesCostsNoErrorAndNoWaitAndGetsTheReadsBackWhenItReturns() {
        server.kill();
        try {
            for (int read = 0; read < 200; read++) {
                long began = System.nanoTime();
                assertThat(who()).isEqualTo("primary");
                // The first may find out for all others; nobody after it waits.
                assertThat(since(began)).isLessThan(read == 0 ? Duration.ofSeconds(2) : Duration.ofMillis(400));
            }
            assertThat(test.database().replicaInUse()).isFalse();
        } finally {
            server.start();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> who().equals("replica"));
    }

    @Test
    void aReplicaThatFreezesHandsItsRunningReadsToThePrimaryLongBeforeTheirTimeout() {
        Query slow = Query.of("slow", "select pg_sleep(2)::text, name from who");
        long began = System.nanoTime();
        var running = CompletableFuture.supplyAsync(() -> test.database().list(slow));
        await().until(() -> test.database().replicaPool().orElseThrow().gauges().active() == 1);

        server.suspend();
        try {
            assertThat(new String(running.join(), UTF_8)).contains("primary");
            assertThat(since(began)).isLessThan(Duration.ofSeconds(10));
            assertThat(who()).isEqualTo("primary");
        } finally {
            server.resume();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> who().equals("replica"));
        assertThat(test.database().replicaPool().orElseThrow().gauges().active())
                .isZero();
    }

    @Test
    void anExhaustedReplicaSpillsOverToThePrimary() {
        Query sleep = Query.of("sleep", "select pg_sleep(2)::text");
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 3; caller++) {
                callers.execute(() -> test.database().list(sleep));
            }
            await().until(() ->
                    test.database().replicaPool().orElseThrow().gauges().active() == 3);

            assertThat(who()).isEqualTo("primary");
            assertThat(test.database().replicaInUse()).isTrue();
        }
    }

    @Test
    void aStatementThatIsWrongIsNotTriedTwice() {
        Query wrong = Query.of("wrong", "select nothing from who");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> test.database().list(wrong))
                .isInstanceOf(StatementFailed.class);
        assertThat(test.database()
                        .metrics()
                        .snapshot()
                        .operations()
                        .get("wrong")
                        .count())
                .isEqualTo(1);
    }

    private String who() {
        String json = new String(test.database().list(Query.of("who", "select name from who")), UTF_8);
        return json.replaceAll(".*:\"|\".*", "");
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}

package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.statement.Query;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** A server that is killed, frozen or restarted under us: an answer in time, and everything as before once it is back. */
class DeadDatabaseTest {

    private static final Duration ACQUIRE = Duration.ofSeconds(1);
    private static PostgresServer server;
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
    void open() {
        test = TestDatabase.on(server, settings -> settings.withStatementTimeout(Duration.ofMillis(500)));
        assertThat(test.list("select 1 as a")).isEqualTo("[{\"a\":1}]");
    }

    @AfterEach
    void everythingWorksAgainAndNoConnectionLeaked() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(test.list("select 1 as a")).isEqualTo("[{\"a\":1}]"));
        assertThat(test.active()).isZero();
        test.close();
    }

    @Test
    void aKilledServerIsUnavailableWithinTheAcquireTimeoutAndBackWithoutARestartOfOurs() {
        server.kill();
        try {
            for (int request = 0; request < 5; request++) {
                long began = System.nanoTime();
                assertThatThrownBy(() -> test.list("select 1"))
                        .isInstanceOfSatisfying(
                                DatabaseUnavailable.class,
                                failure -> assertThat(failure.retryAfter()).isPresent())
                        .hasMessageContaining("database");
                assertThat(since(began)).isLessThan(ACQUIRE.plusSeconds(1));
            }
        } finally {
            server.start();
        }
        long back = System.nanoTime();
        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptions()
                .until(() -> !test.list("select 1").isEmpty());
        assertThat(since(back)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void onceKnownAnOutageIsAnsweredAtOnce() {
        server.kill();
        try {
            await().untilAsserted(() -> {
                long began = System.nanoTime();
                assertThatThrownBy(() -> test.list("select 1")).isInstanceOf(DatabaseUnavailable.class);
                assertThat(since(began)).isLessThan(Duration.ofMillis(50));
            });
        } finally {
            server.start();
        }
    }

    @Test
    void aFrozenServerHoldsAStatementNoLongerThanItsTimeoutAndAMargin() {
        server.suspend();
        try {
            long began = System.nanoTime();
            assertThatThrownBy(() -> test.list("select 1")).isInstanceOf(DatabaseUnavailable.class);
            assertThat(since(began)).isLessThan(Duration.ofSeconds(5));
        } finally {
            server.resume();
        }
    }

    @Test
    void aFrozenServerIsToldByItsAddressAndNotInTheDriversWords() {
        try (LoggedLines log = LoggedLines.of(Outage.class.getPackage())) {
            server.suspend();
            try {
                await().untilAsserted(() -> {
                    assertThatThrownBy(() -> test.list("select 1")).isInstanceOf(DatabaseUnavailable.class);
                    assertThat(log.lines())
                            .first()
                            .asString()
                            .containsPattern("(the database|nothing answers) at database.url \\([^ ]*:\\d+\\)");
                });
            } finally {
                server.resume();
            }
            assertThat(log.lines()).noneMatch(line -> line.contains("has been closed") || line.contains(".."));
        }
    }

    @Test
    void aSilentConnectionIsToldFromABrokenOne() {
        var silent =
                new PSQLException("I/O", PSQLState.CONNECTION_FAILURE, new SocketTimeoutException("Read timed out"));
        var broken = new PSQLException("I/O", PSQLState.CONNECTION_FAILURE, new EOFException());

        assertThat(PostgresConnector.messageOf(silent)).isEqualTo("the database did not answer in time");
        assertThat(PostgresConnector.messageOf(broken)).isEqualTo("the connection to the database broke");
    }

    @Test
    void whatTheDriverSaysOfAClosedConnectionIsTheServersSilence() throws Exception {
        var connector = PostgresConnector.direct(
                DatabaseSettings.of(server.jdbcUrl("postgres"), server.user(), server.password()));
        Connection closed = connector.open();
        closed.close();

        SQLException said = catchThrowableOfType(SQLException.class, closed::createStatement);

        assertThat(connector.refusal(said))
                .startsWith("the database at database.url (")
                .endsWith(") does not answer");
    }

    @Test
    void aServerThatRestartsUnderLoadCostsOnlyFailuresThatSayTryAgain() {
        AtomicBoolean over = new AtomicBoolean();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                running.add(CompletableFuture.runAsync(() -> callUntil(over, failures), callers));
            }
            server.restart();
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> !test.list("select 1").isEmpty());
            over.set(true);
            running.forEach(CompletableFuture::join);
        }
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                DatabaseFailure.class,
                                it -> assertThat(it.retryAfter())
                                        .as(it.toString())
                                        .isPresent()));
    }

    private void callUntil(AtomicBoolean over, List<Throwable> failures) {
        while (!over.get()) {
            try {
                test.list("select pg_sleep(0.01)::text");
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsToldWithTheSettingThatNamesIt() {
        DatabaseSettings settings = DatabaseSettings.of(
                        server.jdbcUrl("no_such_database"), server.user(), server.password())
                .withPool(PoolSettings.defaults().withAcquireTimeout(ACQUIRE));
        try (Database wrong = new Database(settings)) {
            assertThatThrownBy(() -> wrong.list(Query.of("q", "select 1")))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("the database that database.url names does not exist");
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}

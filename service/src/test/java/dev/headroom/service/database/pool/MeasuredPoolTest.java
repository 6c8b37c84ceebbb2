package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.failure.PoolBusy;
import dev.headroom.service.database.failure.ValueRefused;
import dev.headroom.service.database.profile.StatementMetrics;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import dev.headroom.testkit.TcpProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeasuredPoolTest {

    private final TestDatabase test = TestDatabase.open();
    private final MeasuredPool pool = test.database().pool();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        assertThat(test.active()).isZero();
        callers.close();
        test.close();
    }

    @Test
    void statementsAreCountedAndTimedWhetherTheySucceedOrFail() {
        test.list("select 1");
        assertThatThrownBy(() -> test.list("select 1 / ?", new Param(SqlType.INTEGER, 0)))
                .isInstanceOf(ValueRefused.class);

        StatementMetrics.Snapshot metrics = test.database().metrics().snapshot();
        assertThat(metrics.operations().get("test").count()).isEqualTo(2);
        assertThat(metrics.waits().count()).isEqualTo(2);
        assertThat(metrics.holds().count()).isEqualTo(2);
        assertThat(metrics.failures())
                .containsExactlyEntriesOf(java.util.Map.of(new StatementMetrics.Failure("test", "value_refused"), 1L));
    }

    @Test
    void theWaitForAConnectionIsNotPartOfTheTimeOfAStatement() {
        pool.resize(new PoolSize(1, 1));
        var first = sleeping(0.4);
        await().until(() -> test.active() == 1);
        test.list("select 1");
        first.join();

        StatementMetrics.Snapshot metrics = test.database().metrics().snapshot();
        assertThat(metrics.operations().get("test").sumSeconds()).isLessThan(0.2);
        assertThat(metrics.operations().get("sleep").sumSeconds()).isGreaterThanOrEqualTo(0.4);
        assertThat(metrics.waits().sumSeconds()).isBetween(0.05, 3.0);
        assertThat(metrics.holds().sumSeconds())
                .as("without the wait")
                .isBetween(0.4, 0.4 + metrics.waits().sumSeconds() + 0.2);
    }

    @Test
    void whoseTurnDoesNotComeInTimeIsToldTheStateAndTheSettings() {
        List<CompletableFuture<byte[]>> holders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            holders.add(sleeping(2));
        }
        await().until(() -> test.active() == 3);

        assertThatThrownBy(() -> test.list("select 1"))
                .isInstanceOf(PoolBusy.class)
                .hasMessageContaining("3 of 3 connections in use")
                .hasMessageContaining("database.pool.queue-timeout")
                .hasMessageContaining("database.pool.maximum-pool-size");
        holders.forEach(CompletableFuture::join);
        assertThat(test.list("select 1 as a")).isEqualTo("[{\"a\":1}]");
    }

    @Test
    void aPoolThatGrowsServesMoreStatementsAtOnce() {
        DatabaseSettings settings = TestDatabase.settings(test.server());
        try (Database patient = new Database(settings.withPool(settings.pool()
                .withSize(new PoolSize(1, 1))
                .withQueueTimeout(Duration.ofSeconds(10))
                .withAcquireTimeout(Duration.ofSeconds(10))))) {
            patient.pool().resize(new PoolSize(6, 2));
            assertThat(patient.pool().gauges().max()).isEqualTo(6);

            Query sleep = Query.of("sleep", "select pg_sleep(4)::text");
            for (int caller = 0; caller < 6; caller++) {
                callers.execute(() -> patient.list(sleep));
            }
            await().atMost(Duration.ofMillis(3900))
                    .until(() -> patient.pool().gauges().active() == 6);
            await().until(() -> patient.pool().gauges().active() == 0);
        }
    }

    @Test
    void aPoolThatShrinksClosesIdleConnectionsAndThoseInUseWhenTheyComeBack() throws SQLException {
        List<CompletableFuture<byte[]>> sleepers = List.of(sleeping(1), sleeping(1), sleeping(1));
        await().until(() -> test.active() == 3);

        pool.resize(new PoolSize(1, 1));

        assertThat(pool.size().maximum()).isEqualTo(1);
        assertThat(pool.gauges().max()).as("what is really open").isEqualTo(3);
        sleepers.forEach(CompletableFuture::join);
        await().untilAsserted(() -> assertThat(pool.gauges().max()).isEqualTo(1));
        await().untilAsserted(() -> assertThat(test.ask("select count(*) from pg_stat_activity where"
                        + " application_name = 'headroom-service' and datname = current_database()"))
                .isEqualTo("1"));
    }

    @Test
    void aPoolThatShrinksKeepsTheConnectionsThatFit() throws SQLException {
        List<CompletableFuture<byte[]>> sleepers = List.of(sleeping(2), sleeping(2), sleeping(2));
        await().until(() -> test.active() == 3);
        String sessions = "select string_agg(pid::text, ',') from pg_stat_activity where"
                + " application_name = 'headroom-service' and datname = current_database()";
        List<String> before = List.of(test.ask(sessions).split(","));
        sleepers.forEach(CompletableFuture::join);

        pool.resize(new PoolSize(2, 2));

        await().untilAsserted(() ->
                assertThat(test.ask(sessions).split(",")).hasSize(2).isSubsetOf(before));
    }

    @Test
    void aLoginThatWasUnderWayAtAShrinkIsClosedToo() {
        try (TcpProxy way = TcpProxy.plain(test.server().host(), test.server().port())) {
            DatabaseSettings settings = DatabaseSettings.of(
                            "jdbc:postgresql://localhost:" + way.port() + "/"
                                    + test.server().name(),
                            test.server().user(),
                            test.server().password())
                    .withPool(TestDatabase.settings(test.server())
                            .pool()
                            .withSize(new PoolSize(3, 0))
                            .withAcquireTimeout(Duration.ofSeconds(8)));
            try (Database slow = new Database(settings)) {
                Query sleep = Query.of("sleep", "select pg_sleep(0.1)::text");
                slow.list(sleep);
                way.delayAnswers(Duration.ofMillis(200));
                List<CompletableFuture<byte[]>> three = new ArrayList<>();
                for (int caller = 0; caller < 3; caller++) {
                    three.add(CompletableFuture.supplyAsync(() -> slow.list(sleep), callers));
                }
                await().until(() -> way.connections() > 1);
                assertThat(slow.pool().gauges().total())
                        .as("one is there, one logs in")
                        .isEqualTo(1);

                slow.pool().resize(new PoolSize(1, 0));
                three.forEach(CompletableFuture::join);

                await().until(() ->
                        way.connections() == 1 && slow.pool().gauges().max() == 1);
            }
        }
    }

    private CompletableFuture<byte[]> sleeping(double seconds) {
        Query query = Query.of("sleep", "select pg_sleep(" + seconds + ")::text");
        return CompletableFuture.supplyAsync(() -> test.database().list(query), callers);
    }
}

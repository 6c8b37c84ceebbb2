package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.service.database.statement.Query;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that leaves the pool fewer connections than it may have (53300): others took them, or a human scaled up. */
class LimitedByServerTest {

    @Test
    void statementsQueueForWhatTheServerLeavesThem() throws Exception {
        try (TestPostgres.Database server = limited();
                Database database = database(server, Duration.ofSeconds(30));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {

            for (Future<byte[]> call : callers.invokeAll(calls(database, 60))) {
                assertThat(call.get()).isNotEmpty();
            }
        }
    }

    @Test
    void whoQueuesAgainHasWhatIsLeftOfItsPatience() throws Exception {
        try (TestPostgres.Database server = limited();
                Database database = database(server, Duration.ofSeconds(1));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {

            List<Future<byte[]>> ended = callers.invokeAll(calls(database, 100), 20, TimeUnit.SECONDS);

            assertThat(ended).noneMatch(Future::isCancelled).anyMatch(call -> call.state() == Future.State.FAILED);
            assertThat(ended.stream().filter(call -> call.state() == Future.State.FAILED))
                    .allSatisfy(call -> assertThat(call.exceptionNow()).isInstanceOf(DatabaseFailure.class));
        }
    }

    /** A server on which role "few" has two connections. */
    private static TestPostgres.Database limited() throws Exception {
        TestPostgres.Database server = TestPostgres.database();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "do $$ begin create role few login password 'few' connection limit 2; exception when duplicate_object then null; end $$");
        }
        return server;
    }

    private static Database database(TestPostgres.Database server, Duration queueTimeout) {
        DatabaseSettings settings = DatabaseSettings.of(server.jdbcUrl(), "few", "few");
        return new Database(settings.withPool(settings.pool()
                .withSize(new PoolSize(100, 0))
                .withAcquireTimeout(Duration.ofSeconds(1))
                .withQueueTimeout(queueTimeout)));
    }

    private static List<Callable<byte[]>> calls(Database database, int count) {
        return IntStream.range(0, count)
                .<Callable<byte[]>>mapToObj(
                        i -> () -> database.list(new Query("sleep", "select pg_sleep(0.1)", List.of())))
                .toList();
    }
}

package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.Database;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that leaves the pool fewer connections than it may have (53300): others took them, or a human scaled up. */
class LimitedByServerTest {

    @Test
    void statementsQueueForWhatTheServerLeavesThem() throws Exception {
        try (TestPostgres.Database server = TestPostgres.database()) {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create role few login password 'few' connection limit 2");
            }
            DatabaseSettings settings = DatabaseSettings.of(server.jdbcUrl(), "few", "few");
            try (Database database = new Database(settings.withPool(settings.pool()
                            .withSize(new PoolSize(100, 0))
                            .withAcquireTimeout(Duration.ofSeconds(1))
                            .withQueueTimeout(Duration.ofSeconds(30))));
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<byte[]>> calls = IntStream.range(0, 60)
                        .<Callable<byte[]>>mapToObj(
                                i -> () -> database.list(new Query("sleep", "select pg_sleep(0.1)", List.of())))
                        .toList();

                for (Future<byte[]> call : callers.invokeAll(calls)) {
                    assertThat(call.get()).isNotEmpty();
                }
            }
        }
    }
}

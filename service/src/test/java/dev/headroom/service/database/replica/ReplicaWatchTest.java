package dev.headroom.service.database.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.ReplicaSettings;
import dev.headroom.testkit.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The watch over a real server that answers, while statements say that they failed on it. */
class ReplicaWatchTest {
    private static final int STATEMENTS = 64;

    private final AtomicInteger downs = new AtomicInteger();
    private final AtomicInteger ups = new AtomicInteger();

    @Test
    void statementsThatFailTogetherAreOneFailure() throws Exception {
        try (TestPostgres.Database server = TestPostgres.database()) {
            DatabaseSettings settings = TestDatabase.settings(server);
            var replica = new ReplicaSettings(
                    server.jdbcUrl(), Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(10));
            try (ReplicaWatch watch = new ReplicaWatch(
                    PostgresConnector.replica(settings, replica.url()),
                    replica,
                    downs::incrementAndGet,
                    ups::incrementAndGet)) {
                await().until(() -> watch.period() != ReplicaState.NONE);
                long period = watch.period();

                List<Thread> statements = Stream.generate(
                                () -> Thread.ofPlatform().unstarted(() -> watch.failed(period)))
                        .limit(STATEMENTS)
                        .toList();
                synchronized (watch) { // as the first of them does, until all others have come as well
                    statements.forEach(Thread::start);
                    await().until(() ->
                            statements.stream().allMatch(statement -> statement.getState() == Thread.State.BLOCKED));
                }
                for (Thread statement : statements) {
                    statement.join();
                }

                assertThat(downs).hasValue(1);
                await().atMost(Duration.ofSeconds(4)).until(() -> watch.period() > period);
                assertThat(ups).hasValue(2);
            }
        }
    }
}

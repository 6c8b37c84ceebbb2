package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.changes.ChangeTriggers;
import dev.headroom.service.database.changes.TableChanges;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real instances on a real PostgreSQL and Redis: what is written by anyone is seen by all. */
class ChangesReachTheFleetTest {
    private static final Duration BOUND = Duration.ofMillis(1500);

    private final RedisServer redis = TestRedis.server();
    private final PostgresServer postgres = TestPostgres.server();
    private final Fleet fleet = new Fleet(redis);
    private final Database database =
            new Database(DatabaseSettings.of(postgres.jdbcUrl("postgres"), postgres.user(), postgres.password()));
    private final List<TableChanges> listening = new ArrayList<>();

    @BeforeEach
    void tables() throws SQLException {
        execute("create schema s");
        execute("create table s.tasks (version bigint)");
        execute("insert into s.tasks values (0)");
        try (Connection connection = postgres.connect("postgres")) {
            assertThat(ChangeTriggers.install(connection, List.of("s.tasks"))).containsExactly("s.tasks");
            assertThat(ChangeTriggers.install(connection, List.of("s.tasks"))).isEmpty();
        }
    }

    @AfterEach
    void stop() {
        listening.forEach(TableChanges::close);
        fleet.close();
        database.close();
        postgres.close();
        redis.close();
    }

    private Caching listeningInstance() {
        Caching instance = fleet.deaf(new Fleet.Clock());
        var changes = new TableChanges(database.direct(), instance.hearing());
        listening.add(changes);
        changes.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> instance.hearing().isCovered());
        return instance;
    }

    private void execute(String sql) {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Optional<byte[]> read() {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select version::text from s.tasks")) {
            rows.next();
            return Optional.of(rows.getString(1).getBytes(UTF_8));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String version(Caching instance) {
        return text(get(instance, POLICY, this::read));
    }

    @Test
    void aWriteByAnyoneIsSeenByEveryInstance() {
        var one = listeningInstance();
        var two = listeningInstance();
        assertThat(version(one)).isEqualTo("0");
        assertThat(version(two)).isEqualTo("0");
        execute("update s.tasks set version = 1");
        await().untilAsserted(() -> assertThat(version(one)).isEqualTo("1"));
        await().untilAsserted(() -> assertThat(version(two)).isEqualTo("1"));
    }

    @Test
    void whatWasWrittenWhileNobodyListenedIsSeenByTheNextInstance() {
        var one = listeningInstance();
        assertThat(version(one)).isEqualTo("0");
        listening.getFirst().close();
        one.close();
        execute("update s.tasks set version = 7");
        assertThat(version(listeningInstance())).isEqualTo("7");
    }

    @Test
    void whatWasWrittenWhileTheConnectionWasGoneIsSeenAfterwards() {
        var one = listeningInstance();
        assertThat(version(one)).isEqualTo("0");
        postgres.kill();
        await().until(() -> !one.hearing().isCovered());
        postgres.start();
        execute("update s.tasks set version = 3");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(version(one)).isEqualTo("3"));
        await().atMost(Duration.ofSeconds(20)).until(() -> one.hearing().isCovered());
        execute("update s.tasks set version = 4");
        await().untilAsserted(() -> assertThat(version(one)).isEqualTo("4"));
    }

    @Test
    void noReaderSeesAnOlderVersionThanOneThatWasCommittedTheBoundBefore() throws Exception {
        var instances = List.of(listeningInstance(), listeningInstance(), listeningInstance());
        var committed = new ConcurrentSkipListMap<Long, Long>(); // when, which version
        var writing = new AtomicBoolean(true);
        try (var threads = Executors.newCachedThreadPool()) {
            var writer = threads.submit(() -> {
                for (long version = 1; writing.get(); version++) {
                    execute("update s.tasks set version = " + version);
                    committed.put(System.nanoTime(), version);
                }
            });
            var readers = instances.stream()
                    .map(instance -> threads.submit(() -> {
                        long reads = 0;
                        while (writing.get()) {
                            long asked = System.nanoTime();
                            long seen = Long.parseLong(version(instance));
                            var floor = committed.floorEntry(asked - BOUND.toNanos());
                            assertThat(seen).isGreaterThanOrEqualTo(floor == null ? 0 : floor.getValue());
                            reads++;
                        }
                        return reads;
                    }))
                    .toList();
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            writing.set(false);
            writer.get();
            for (var reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        assertThat(committed).hasSizeGreaterThan(20);
    }
}

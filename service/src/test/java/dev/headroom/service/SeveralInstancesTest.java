package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three whole services on one Redis and one PostgreSQL, asked over HTTP by many at once. */
class SeveralInstancesTest {
    /** After so long a committed change must be seen, whatever happens to Redis meanwhile, on a busy machine as well. */
    private static final Duration BOUND = Duration.ofMillis(1500);

    private static final int EACH = 200;
    private static final long SEED = 20_261_121;

    private final TestPostgres.Database database = TestPostgres.database();
    private final RedisServer redis = TestRedis.server();
    private final List<RunningService> services = new ArrayList<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            services.add(RunningService.on(database, "--catalogs.sample-scale=0.003", "--redis.url=" + redis.url()));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> services.stream().allMatch(one -> one.service().hears()));
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        services.forEach(RunningService::close);
        redis.close();
        database.close();
    }

    private void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String text(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How often PostgreSQL was asked for the list of topics. */
    private long asked() {
        return Long.parseLong(text("select coalesce(sum(calls), 0) from pg_stat_statements"
                + " where dbid = (select oid from pg_database where datname = current_database())"
                + " and query like 'select t.id, t.slug, t.title, d.slug as domain_slug%'"));
    }

    /** Everybody asks every instance for the same at the same moment. */
    private List<HttpResponse<String>> allAtOnce(String path) throws Exception {
        var go = new CountDownLatch(1);
        List<Future<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            for (RunningService service : services) {
                asked.add(clients.submit(() -> {
                    go.await();
                    return service.get(path);
                }));
            }
        }
        go.countDown();
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (var each : asked) {
            answers.add(each.get());
        }
        return answers;
    }

    private static int statements(List<HttpResponse<String>> answers) {
        return answers.stream()
                .mapToInt(answer -> Integer.parseInt(
                        answer.headers().firstValue("X-Query-Count").orElseThrow()))
                .sum();
    }

    @Test
    void sixHundredColdRequestsAreOneStatement() throws Exception {
        execute("create extension if not exists pg_stat_statements");
        var answers = allAtOnce("/topics/");
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
        assertThat(answers)
                .extracting(HttpResponse::body)
                .containsOnly(answers.getFirst().body());
        assertThat(statements(answers)).isEqualTo(1);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void sixHundredColdRequestsWithoutRedisAreOneStatementOfEachInstance() throws Exception {
        execute("create extension if not exists pg_stat_statements");
        redis.kill();
        var answers = allAtOnce("/topics/");
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
        assertThat(statements(answers)).isBetween(1, 3);
        assertThat(asked()).isEqualTo(statements(answers));
    }

    @Test
    void aCommittedWriteOfAnybodyIsSoonSeenOnEveryInstance() {
        String id = text("select id from statehub.tasks limit 1");
        for (int version = 1; version <= 20; version++) {
            String title = "version " + version;
            execute("update statehub.tasks set title = '%s' where id = '%s'".formatted(title, id));
            for (RunningService service : services) {
                await().atMost(BOUND)
                        .pollInterval(Duration.ofMillis(2))
                        .untilAsserted(() ->
                                assertThat(service.get("/tasks/" + id).body()).contains(title));
            }
        }
    }

    @Test
    void whateverHappensToRedisUnderLoadNoRequestFails() throws Exception {
        var loading = new AtomicBoolean(true);
        String[] paths = {"/domains/", "/topics/", "/tasks/?limit=5", "/tasks/?limit=6", "/repos/", "/state/summary"};
        List<Future<Integer>> load = IntStream.range(0, 24)
                .mapToObj(i -> clients.submit(() -> {
                    int answered = 0;
                    while (loading.get()) {
                        var answer = services.get(i % 3).get(paths[(i + answered) % paths.length]);
                        assertThat(answer.statusCode()).isEqualTo(200);
                        answered++;
                    }
                    return answered;
                }))
                .toList();
        for (int round = 0; round < 2; round++) {
            redis.suspend();
            writeFor(Duration.ofMillis(1200));
            redis.resume();
            writeFor(Duration.ofMillis(400));
            redis.kill();
            writeFor(Duration.ofMillis(1200));
            redis.start();
            writeFor(Duration.ofMillis(400));
        }
        loading.set(false);
        for (var each : load) {
            assertThat(each.get()).isGreaterThan(10);
        }
    }

    /** So that the answers have to be made anew again and again, with Redis and without. */
    private void writeFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().pollInterval(Duration.ofMillis(100))
                .atMost(time.plusSeconds(10))
                .until(() -> {
                    execute(
                            "update statehub.topics set slug = slug where slug = (select min(slug) from statehub.topics)");
                    return System.nanoTime() - end > 0;
                });
    }

    @Test
    void noReaderSeesAnOlderVersionThanOneVisibleTheBoundBefore() throws Exception {
        String id = text("select id from statehub.tasks limit 1");
        var committed = new ConcurrentSkipListMap<Long, Long>(); // when, which version
        var writing = new AtomicBoolean(true);
        var random = new Random(SEED);
        var writer = clients.submit(() -> {
            for (long version = 1; writing.get(); version++) {
                execute("update statehub.tasks set title = 'v%d' where id = '%s'".formatted(version, id));
                committed.put(System.nanoTime(), version);
            }
        });
        await().until(() -> !committed.isEmpty());
        List<Future<Long>> readers = IntStream.range(0, 6)
                .mapToObj(i -> clients.submit(() -> {
                    long reads = 0;
                    while (writing.get()) {
                        long asked = System.nanoTime();
                        String body = services.get(i % 3).get("/tasks/" + id).body();
                        long seen = Long.parseLong(body.replaceFirst("(?s).*\"title\":\"v(\\d+)\".*", "$1"));
                        var floor = committed.floorEntry(asked - BOUND.toNanos());
                        assertThat(seen).isGreaterThanOrEqualTo(floor == null ? 0 : floor.getValue());
                        reads++;
                    }
                    return reads;
                }))
                .toList();
        for (int fault = 0; fault < 8; fault++) {
            hurt(random.nextInt(4), Duration.ofMillis(100 + random.nextInt(700)));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> committed.size() > 20 || writer.isDone());
        writing.set(false);
        writer.get();
        for (var reader : readers) {
            assertThat(reader.get()).isGreaterThan(10);
        }
        assertThat(committed).hasSizeGreaterThan(20);
    }

    private void hurt(int fault, Duration lasting) {
        switch (fault) {
            case 0 -> redis.kill();
            case 1 -> redis.suspend();
            case 2 -> redis.restart(); // which empties it
            default -> killListeners();
        }
        await().pollDelay(lasting).atMost(lasting.plusSeconds(30)).until(() -> true);
        switch (fault) {
            case 0 -> redis.start();
            case 1 -> redis.resume();
            default -> {}
        }
        await().pollDelay(lasting).atMost(lasting.plusSeconds(30)).until(() -> true);
    }

    /** The connections on which the instances hear of changes: notices are lost. */
    private void killListeners() {
        execute("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and application_name = 'headroom-service changes'");
    }
}

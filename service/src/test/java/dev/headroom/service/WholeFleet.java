package dev.headroom.service;

import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whole services on one Redis and one database, each started by a test when it wants it. */
final class WholeFleet implements AutoCloseable {
    private final TestPostgres.Database database = TestPostgres.database();
    private final RedisServer redis = TestRedis.server();
    private final List<RunningService> services = new ArrayList<>();

    TestPostgres.Database database() {
        return database;
    }

    RedisServer redis() {
        return redis;
    }

    List<RunningService> services() {
        return services;
    }

    /** One that hears of changes; a busy machine is no outage to it. */
    RunningService start(LittleCatalog catalog, String... more) {
        String[] patient = {"--redis.read-timeout=2s", "--redis.acquire-timeout=2s", "--redis.connect-timeout=2s"};
        return startAsSet(catalog, Stream.of(patient, more).flatMap(Stream::of).toArray(String[]::new));
    }

    /** The same with the waits that the arguments set. */
    RunningService startAsSet(LittleCatalog catalog, String... more) {
        String[] on = {"--redis.url=" + redis.url()};
        RunningService service = RunningService.on(
                database,
                catalog.arguments(Stream.of(on, more).flatMap(Stream::of).toArray(String[]::new)));
        services.add(service);
        awaitHearing(service);
        return service;
    }

    static void awaitHearing(RunningService service) {
        await().atMost(Duration.ofSeconds(20)).until(() -> service.service().hears());
    }

    /** How often a statement ran for {@link LittleCatalog#KEPT}, on all of them. */
    long computations() {
        return services.stream()
                .mapToLong(service -> Figure.of(service, "cache_computations_total{route=\"/kept\"}"))
                .sum();
    }

    static String status(HttpResponse<String> answer) {
        return answer.headers().firstValue("Cache-Status").orElse("");
    }

    @Override
    public void close() {
        services.forEach(RunningService::close);
        redis.close();
        database.close();
    }
}

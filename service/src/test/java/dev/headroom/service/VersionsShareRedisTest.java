package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static dev.headroom.service.WholeFleet.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** Whole services that do not agree about what lies in the Redis that they share. */
class VersionsShareRedisTest {
    private static final String POLICY = "fresh: 10m, stale-while-revalidate: 1h, jitter: 0%";
    private static final byte[] DATA = "d".getBytes(UTF_8);

    @TempDir
    Path folder;

    private final WholeFleet fleet = new WholeFleet();

    @AfterEach
    void stop() {
        fleet.close();
    }

    /** Of answers, not of leases, generations and signs of life: those that hold data. */
    private static Set<String> entries(RedisClient redis) {
        Set<String> entries = new TreeSet<>();
        for (String key : redis.keys("*")) {
            if (redis.type(key).equals("hash") && redis.hexists(key, "d")) {
                entries.add(key);
            }
        }
        return entries;
    }

    @Test
    void twoVersionsOfACatalogServeEachItsOwnWhicheverCameFirst() {
        var old = LittleCatalog.in(folder.resolve("old"), POLICY);
        var next = LittleCatalog.in(folder.resolve("next"), POLICY, "id, word");
        RunningService before = fleet.start(old);
        RunningService after = fleet.start(next);
        RunningService back = fleet.start(old);
        RunningService forth = fleet.start(next);
        assertThat(before.get(KEPT).body()).isEqualTo("[{\"word\":\"first\"}]");
        try (RedisClient redis = RedisClient.create(fleet.redis().url())) {
            Set<String> olds = entries(redis);
            assertThat(olds).hasSize(1);
            HttpResponse<String> newer = after.get(KEPT);
            assertThat(newer.body()).isEqualTo("[{\"id\":1,\"word\":\"first\"}]");
            assertThat(status(newer)).startsWith("headroom; fwd=miss");
            assertThat(entries(redis)).hasSize(2).containsAll(olds);
        }
        // Each finds what its own version left, and nothing else.
        assertThat(back.get(KEPT).body()).isEqualTo("[{\"word\":\"first\"}]");
        assertThat(forth.get(KEPT).body()).isEqualTo("[{\"id\":1,\"word\":\"first\"}]");
        assertThat(fleet.computations()).isEqualTo(2);
        LittleCatalog.say(fleet.database(), "second");
        for (RunningService each : fleet.services()) {
            await().untilAsserted(() -> assertThat(each.get(KEPT).body()).contains("second"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "newer", "cut", "nothing"})
    void whatSomebodyElsePutInThePlaceOfAnAnswerIsAMissAndIsReplaced(String kind) {
        UnaryOperator<byte[]> spoil = spoiling(kind);
        var catalog = LittleCatalog.in(folder, POLICY);
        RunningService wrote = fleet.start(catalog);
        RunningService finds = fleet.start(catalog);
        RunningService later = fleet.start(catalog);
        String right = wrote.get(KEPT).body();
        try (RedisClient redis = RedisClient.create(fleet.redis().url())) {
            for (String key : entries(redis)) {
                byte[] name = key.getBytes(UTF_8);
                redis.hset(name, DATA, spoil.apply(redis.hget(name, DATA)));
            }
        }
        HttpResponse<String> miss = finds.get(KEPT);
        assertThat(miss.statusCode()).isEqualTo(200);
        assertThat(miss.body()).isEqualTo(right);
        assertThat(status(miss)).startsWith("headroom; fwd=miss");
        HttpResponse<String> hit = later.get(KEPT);
        assertThat(hit.body()).isEqualTo(right);
        assertThat(status(hit)).endsWith("detail=shared");
    }

    private static UnaryOperator<byte[]> spoiling(String kind) {
        return switch (kind) {
            case "garbage" -> bytes -> "{\"somebody\": \"else's\"}".getBytes(UTF_8);
            case "newer" ->
                bytes -> {
                    ByteBuffer newer = ByteBuffer.wrap(bytes.clone());
                    newer.put(1, (byte) (newer.get(1) + 1));
                    var crc = new CRC32C();
                    crc.update(newer.array(), 0, bytes.length - 4);
                    return newer.putInt(bytes.length - 4, (int) crc.getValue()).array();
                };
            case "cut" -> bytes -> Arrays.copyOf(bytes, bytes.length / 2);
            default -> bytes -> new byte[0];
        };
    }
}

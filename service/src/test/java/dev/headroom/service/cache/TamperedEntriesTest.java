package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.cache.shared.EntryCodec;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever lies in our place in Redis: a miss, at once, and the place is ours again. */
class TamperedEntriesTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final long SEED = 20_261_121;

    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);
    private final KeysInRedis keys = KeysInRedis.at(redis.url());

    @AfterEach
    void stop() {
        keys.close();
        fleet.close();
        redis.close();
    }

    private void assertRecovers(Consumer<KeysInRedis> tampering) {
        get(fleet.instance(), POLICY, giving("before"));
        tampering.accept(keys);
        long asked = System.nanoTime();
        assertThat(text(get(fleet.instance(), POLICY, giving("after")))).isEqualTo("after");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SOON);
        Served shared = get(fleet.instance(), POLICY, giving("never asked"));
        assertThat(shared.how()).isEqualTo(How.SHARED_HIT);
        assertThat(text(shared)).isEqualTo("after");
        fleet.close(); // these instances
    }

    private void assertRecoversFrom(UnaryOperator<byte[]> damage) {
        assertRecovers(all -> {
            byte[] name = all.entry().getBytes(UTF_8);
            byte[] field = "d".getBytes(UTF_8);
            all.jedis().hset(name, Map.of(field, damage.apply(all.jedis().hget(name, field))));
        });
    }

    @Test
    void anEntryOfAnotherTypeIsReplaced() {
        assertRecovers(all -> {
            all.jedis().del(all.entry());
            all.jedis().set(all.entry(), "not even a hash");
        });
        assertRecovers(all -> {
            all.jedis().del(all.entry());
            all.jedis().rpush(all.entry(), "a", "list");
        });
    }

    @Test
    void generationsOfAnotherTypeAreReplaced() {
        assertRecovers(all -> {
            all.jedis().del(all.generations());
            all.jedis().sadd(all.generations(), "a set");
        });
    }

    @Test
    void generationsOfAnotherTypeAreReplacedWhereAChangeIsToBeCounted() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        keys.jedis().del(keys.generations());
        keys.jedis().sadd(keys.generations(), "a set");
        fleet.change(one);
        await().until(one::isSettled);
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
        Served shared = get(fleet.instance(), POLICY, giving("never asked"));
        assertThat(shared.how()).isEqualTo(How.SHARED_HIT);
        assertThat(text(shared)).isEqualTo("new");
    }

    @Test
    void andWhereAllOfThemAreToBeCounted() {
        get(fleet.instance(), POLICY, giving("old"));
        keys.jedis().del(keys.generations());
        keys.jedis().sadd(keys.generations(), "a set");
        var alone = fleet.deaf(new Fleet.Clock());
        alone.hearing().listening();
        await().until(() -> alone.hearing().isCovered() && alone.isSettled());
        assertThat(text(get(alone, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void generationsThatAreNoNumbersAreReplaced() {
        for (String nonsense : new String[] {"", "abc", "-5", "1e300", "99999999999999999999999", "1,2"}) {
            assertRecovers(all -> all.jedis().hset(all.generations(), "s.tasks", nonsense));
        }
    }

    @Test
    void aGenerationFromTheEndOfTimeDoesNotKeepItsTableOut() {
        var one = fleet.instance();
        get(one, POLICY, giving("before"));
        keys.jedis().hset(keys.generations(), "s.tasks", "9999999999999999");
        fleet.change(one);
        await().until(one::isSettled);
        assertThat(text(get(one, POLICY, giving("after")))).isEqualTo("after");
        Served shared = get(fleet.instance(), POLICY, giving("never asked"));
        assertThat(shared.how()).isEqualTo(How.SHARED_HIT);
        assertThat(text(shared)).isEqualTo("after");
    }

    @Test
    void aLeaseOfAnotherTypeHoldsNobodyUp() {
        assertRecovers(all -> {
            all.jedis().del(all.entry());
            all.jedis().rpush(all.lease(), "a", "list");
        });
        assertRecovers(all -> {
            all.jedis().del(all.entry());
            all.jedis().set(all.lease(), "without a bar");
        });
    }

    @Test
    void fieldsOfAnEntryThatAreGoneOrNoNumbersMakeItAMiss() {
        for (String field : new String[] {"s", "c", "b", "f", "d"}) {
            for (String nonsense : new String[] {"", "x", "1e999", "-1", "nan"}) {
                boolean unread =
                        field.equals("b") || field.equals("f") || (field.equals("c") && !nonsense.matches("|x"));
                if (!unread) {
                    assertRecovers(all -> all.jedis().hset(all.entry(), field, nonsense));
                }
            }
            if (!field.equals("b") && !field.equals("f")) {
                assertRecovers(all -> all.jedis().hdel(all.entry(), field));
            }
        }
    }

    @Test
    void bytesThatAreCutOffOverwrittenOrFlippedMakeItAMiss() {
        var random = new Random(SEED);
        assertRecoversFrom(bytes -> new byte[0]);
        for (int i = 0; i < 15; i++) {
            assertRecoversFrom(bytes -> Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            assertRecoversFrom(bytes -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
            });
            assertRecoversFrom(bytes -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                return bytes;
            });
        }
    }

    @Test
    void anEntryOfANewerFormatIsNotSeenAndNotHarmed() {
        var one = fleet.instance();
        get(one, POLICY, giving("ours"));
        String newer = keys.entry().replace(":e" + EntryCodec.VERSION + ':', ":e" + (EntryCodec.VERSION + 1) + ':');
        Map<String, String> theirs = Map.of("s", keys.generation(), "c", "1", "b", "1", "f", "9999", "d", "theirs");
        keys.jedis().hset(newer, theirs);
        fleet.change(one);
        await().until(one::isSettled);
        get(one, POLICY, giving("ours again"));
        assertThat(text(get(fleet.instance(), POLICY, giving("never asked")))).isEqualTo("ours again");
        assertThat(keys.jedis().hgetAll(newer)).isEqualTo(theirs);
    }

    @Test
    void whatIsTooLargeToKeepHoldsNobodyUp() {
        fleet.with("cache.largest-entry", "1KB");
        var one = fleet.instance();
        var two = fleet.instance();
        String large = "x".repeat(5000);
        long asked = System.nanoTime();
        try (var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(one, POLICY, giving(large)).how()).isEqualTo(How.MISS);
                assertThat(get(two, POLICY, giving(large)).how()).isEqualTo(How.MISS);
            }
            assertThat(logged.warnings()).hasSize(2); // once by each
            assertThat(logged.warnings().getFirst()).contains("tasks.list", "cache.largest-entry");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SOON);
    }

    @Test
    void aMissingRowThatIsNotToBeRememberedHoldsNobodyUp() {
        var one = fleet.instance();
        var two = fleet.instance();
        var forgetful = Fleet.forgetful();
        long asked = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertThat(get(one, forgetful, Optional::empty).how()).isEqualTo(How.MISS);
            assertThat(get(two, forgetful, Optional::empty).how()).isEqualTo(How.MISS);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SOON);
    }
}

package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.TestCertificate;
import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisOptions;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may enter Redis, and how it is told when one may not. */
class RedisAccessTest {
    /** Everything that the service asks of Redis, word by word as docs/settings.md has it. */
    private static final String RIGHTS = "~headroom:* resetchannels -@all +evalsha +eval +get +set +del +pexpire"
            + " +hget +hmget +hset +hkeys +zadd +zrange +zrem +time +ping +client|setname +client|setinfo";

    private static void assertShares(Fleet fleet) {
        var one = fleet.instance();
        var two = fleet.instance();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(text(get(one, POLICY, giving("shared")))).isEqualTo("shared");
            assertThat(get(two, POLICY, giving("shared")).how()).isNotEqualTo(How.MISS);
            assertThat(two.metrics().of("tasks.list").served(How.SHARED_HIT)).isPositive();
        });
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        assertThat(text(get(one, POLICY, giving("changed")))).isEqualTo("changed");
        assertThat(text(get(two, POLICY, giving("never asked")))).isEqualTo("changed");
    }

    /** Every request is answered, nothing is shared, and the log says why, once. */
    private static void assertLocalOnly(Fleet fleet, String reason) {
        try (var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            var one = fleet.instance();
            for (int number = 0; number < 50; number++) {
                assertThat(text(Fleet.ask(one, number))).isEqualTo("row " + number);
            }
            assertThat(one.sharedAvailable()).isFalse();
            await().untilAsserted(() -> assertThat(logged.warnings()).hasSize(1));
            assertThat(logged.warnings().getFirst()).contains(reason);
        }
    }

    private static Fleet overTls(TcpProxy proxy, String host, TestCertificate trusted) {
        return new Fleet()
                .with("redis.url", "rediss://" + host + ":" + proxy.port())
                .with("redis.trust-store", trusted.trustStore().toString())
                .with("redis.trust-store-password", TestCertificate.PASSWORD);
    }

    @Test
    void overTlsItSharesAsWell(@TempDir Path folder) {
        var certificate = TestCertificate.of("ip:127.0.0.1", folder);
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.tls(certificate.serverContext(), redis.host(), redis.port());
                var fleet = overTls(proxy, "127.0.0.1", certificate)) {
            assertShares(fleet);
        }
    }

    @Test
    void aCertificateOfAnotherNameIsRefused(@TempDir Path folder) {
        var certificate = TestCertificate.of("dns:redis.example", folder);
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.tls(certificate.serverContext(), redis.host(), redis.port());
                var fleet = overTls(proxy, "127.0.0.1", certificate)) {
            assertLocalOnly(fleet, "for another name");
        }
    }

    @Test
    void aTrustStoreThatIsNotThereIsSaid() {
        try (var fleet = new Fleet().with("redis.url", "rediss://127.0.0.1:1").with("redis.trust-store", "/nowhere")) {
            assertLocalOnly(fleet, "/nowhere does not exist");
        }
    }

    @Test
    void andSoIsThatItCameLater(@TempDir Path folder) throws IOException {
        var certificate = TestCertificate.of("ip:127.0.0.1", folder);
        Path later = folder.resolve("later.p12");
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.tls(certificate.serverContext(), redis.host(), redis.port());
                var fleet = overTls(proxy, "127.0.0.1", certificate).with("redis.trust-store", later.toString());
                var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            var one = fleet.instance();
            await().until(() -> !logged.warnings().isEmpty());
            Files.copy(certificate.trustStore(), later);
            await().until(one::sharedAvailable);
            assertThat(logged.lines()).hasSize(2);
            assertThat(logged.lines().getLast())
                    .startsWith("INFO Redis is there now")
                    .contains("127.0.0.1");
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused(@TempDir Path folder, @TempDir Path other) {
        var certificate = TestCertificate.of("ip:127.0.0.1", folder);
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.tls(certificate.serverContext(), redis.host(), redis.port());
                var fleet = overTls(proxy, "127.0.0.1", TestCertificate.of("ip:127.0.0.1", other))) {
            assertLocalOnly(fleet, "its certificate is not trusted");
        }
    }

    @Test
    void aPlainServerWhereTlsIsSetIsRefused(@TempDir Path folder) {
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.plain(redis.host(), redis.port());
                var fleet = overTls(proxy, "127.0.0.1", TestCertificate.of("ip:127.0.0.1", folder))) {
            assertLocalOnly(fleet.asDelivered(), "Redis does not answer");
        }
    }

    @Test
    void aPasswordIsEnough() {
        try (var redis = TestRedis.server(RedisOptions.defaults().directive("requirepass", "secret"));
                var fleet = new Fleet(redis)) {
            assertShares(fleet);
        }
    }

    @Test
    void aWrongPasswordNamesTheSettingAndTheServiceGoesOn() {
        try (var redis = TestRedis.server(RedisOptions.defaults().directive("requirepass", "secret"));
                var fleet = new Fleet()
                        .with("redis.url", "redis://" + redis.host() + ":" + redis.port())
                        .with("redis.password", "wrong")) {
            assertLocalOnly(fleet, "redis.password");
        }
    }

    @Test
    void aMissingPasswordNamesTheSettingAndTheServiceGoesOn() {
        try (var redis = TestRedis.server(RedisOptions.defaults().directive("requirepass", "secret"));
                var fleet = new Fleet().with("redis.url", "redis://" + redis.host() + ":" + redis.port())) {
            assertLocalOnly(fleet, "redis.password");
        }
    }

    private static void user(RedisServer redis, String rights) {
        try (var keys = KeysInRedis.at(redis.url())) {
            keys.acl("headroom", ("on >secret " + rights).split(" ", -1));
        }
    }

    private static Fleet as(RedisServer redis, String user) {
        return new Fleet(redis).with("redis.user", user).with("redis.password", "secret");
    }

    @Test
    void aUserInTheUrlAndAPasswordBesideItGoTogether() {
        try (var redis = TestRedis.server();
                var fleet = new Fleet()
                        .with("redis.url", "redis://headroom@" + redis.host() + ":" + redis.port())
                        .with("redis.password", "secret")) {
            user(redis, RIGHTS);
            assertShares(fleet);
        }
    }

    @Test
    void theRightsThatAreDocumentedAreEnough() {
        try (var redis = TestRedis.server();
                var fleet = as(redis, "headroom")) {
            user(redis, RIGHTS);
            assertShares(fleet);
            try (var logged = LoggedLines.of(ResultCache.class.getPackage())) {
                var covered = fleet.deaf(new Fleet.Clock());
                covered.hearing().listening();
                await().until(() -> covered.hearing().isCovered() && covered.isSettled());
                assertThat(logged.warnings()).isEmpty();
            }
        }
    }

    @Test
    void aMissingRightIsNamedOnce() {
        try (var redis = TestRedis.server();
                var fleet = as(redis, "headroom");
                var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            user(redis, RIGHTS + " -hset");
            var one = fleet.instance();
            for (int number = 0; number < 50; number++) {
                assertThat(text(Fleet.ask(one, number))).isEqualTo("row " + number);
            }
            assertThat(logged.warnings()).hasSize(1);
            assertThat(logged.warnings().getFirst()).contains("redis.user lacks a right");
        }
    }
}

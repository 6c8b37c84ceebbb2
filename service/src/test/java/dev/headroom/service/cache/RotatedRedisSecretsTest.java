package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.MountedSecret;
import dev.headroom.service.TestCertificate;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisOptions;
import dev.headroom.testkit.RedisSentinel;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.commands.ProtocolCommand;

/** A password or CA of Redis that is replaced: every request is answered, and sharing goes on without a restart. */
class RotatedRedisSecretsTest {
    @TempDir
    Path folder;

    @TempDir
    Path mount;

    private int asked;

    private void assertShares(Caching instance) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            asked++;
            assertThat(text(Fleet.ask(instance, asked))).isEqualTo("row " + asked);
            assertThat(instance.sharedAvailable()).isTrue();
        });
    }

    private static void command(RedisServer redis, String password, Command command, String... words) {
        command(redis.host() + ":" + redis.port(), password, command, words);
    }

    private static void command(String node, String password, ProtocolCommand command, String... words) {
        String credentials = password.isEmpty() ? "" : ":" + password + "@";
        try (RedisClient client = RedisClient.create("redis://" + credentials + node)) {
            client.executeCommand(new CommandArguments(command).addObjects((Object[]) words));
        }
    }

    @Test
    void aNewPasswordInTheMountedFileIsUsedForNewConnections() {
        MountedSecret mounted = new MountedSecret(mount, "password", "first-password\n");
        try (var redis = TestRedis.server(RedisOptions.defaults().directive("requirepass", "first-password"));
                var fleet = new Fleet()
                        .with("redis.url", "redis://" + redis.host() + ":" + redis.port())
                        .with("redis.password-file", mounted.file().toString());
                var logged = LoggedLines.ofAll()) {
            Caching instance = fleet.instance();
            assertShares(instance);

            command(redis, "first-password", Command.CONFIG, "SET", "requirepass", "second-password");
            assertShares(instance);
            mounted.replace("second-password\n");
            command(redis, "second-password", Command.CLIENT, "KILL", "TYPE", "normal");
            assertShares(instance);

            mounted.remove();
            command(redis, "second-password", Command.CLIENT, "KILL", "TYPE", "normal");
            assertShares(instance);
            assertThat(logged.written())
                    .noneMatch(line -> line.contains("first-password") || line.contains("second-password"));
        }
    }

    @Test
    void aNewPasswordReachesEveryNodeOfACluster() {
        MountedSecret mounted = new MountedSecret(mount, "password", "first-password\n");
        try (var cluster = TestRedis.cluster();
                var fleet = new Fleet()
                        .with("redis.cluster.nodes", String.join(",", cluster.nodes()))
                        .with("redis.password-file", mounted.file().toString())) {
            cluster.masters().forEach(node -> setPassword(node, "", "first-password"));
            Caching instance = fleet.instance();
            assertShares(instance);

            cluster.masters().forEach(node -> setPassword(node, "first-password", "second-password"));
            mounted.replace("second-password\n");
            cluster.masters().forEach(node -> endConnections(node, "second-password"));

            assertShares(instance);
        }
    }

    @Test
    void aNewPasswordIsUsedForTheMasterThatASentinelNames() {
        MountedSecret mounted = new MountedSecret(mount, "password", "first-password\n");
        try (var sentinel = TestRedis.sentinel();
                var fleet = new Fleet()
                        .with("redis.sentinel.nodes", sentinel.node())
                        .with("redis.sentinel.master", RedisSentinel.MASTER)
                        .with("redis.password-file", mounted.file().toString())) {
            setPassword(sentinel.master(), "", "first-password");
            tellSentinel(sentinel, "first-password");
            Caching instance = fleet.instance();
            assertShares(instance);

            setPassword(sentinel.master(), "first-password", "second-password");
            tellSentinel(sentinel, "second-password");
            mounted.replace("second-password\n");
            endConnections(sentinel.master(), "second-password");

            assertShares(instance);
        }
    }

    private static void setPassword(RedisServer node, String before, String password) {
        command(node, before, Command.CONFIG, "SET", "requirepass", password);
    }

    private static void endConnections(RedisServer node, String password) {
        command(node, password, Command.CLIENT, "KILL", "TYPE", "normal");
    }

    /** It has to watch the master too. */
    private static void tellSentinel(RedisSentinel sentinel, String password) {
        command(sentinel.node(), "", Command.SENTINEL, "SET", RedisSentinel.MASTER, "auth-pass", password);
    }

    @Test
    void aNewTrustStoreIsReadAtTheNextHandshake(@TempDir Path old, @TempDir Path renewed) throws IOException {
        TestCertificate first = TestCertificate.of("ip:127.0.0.1", old);
        TestCertificate second = TestCertificate.of("ip:127.0.0.1", renewed);
        Path store = Files.copy(first.trustStore(), folder.resolve("trust.p12"));
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.tls(second.serverContext(), redis.host(), redis.port());
                var fleet = new Fleet()
                        .with("redis.url", "rediss://127.0.0.1:" + proxy.port())
                        .with("redis.trust-store", store.toString())
                        .with("redis.trust-store-password", TestCertificate.PASSWORD)) {
            Caching instance = fleet.instance();
            for (int number = 0; number < 10; number++) {
                assertThat(text(Fleet.ask(instance, -number))).isEqualTo("row " + -number);
            }
            assertThat(instance.sharedAvailable()).isFalse();

            Files.copy(second.trustStore(), store, StandardCopyOption.REPLACE_EXISTING);
            assertShares(instance);
        }
    }
}

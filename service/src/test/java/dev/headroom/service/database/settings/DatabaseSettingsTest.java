package dev.headroom.service.database.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseSettingsTest {

    private final SettingsProblems problems = new SettingsProblems();

    @Test
    void onlyTheUrlHasToBeGiven() {
        DatabaseSettings settings = read(Map.of("database.url", "jdbc:postgresql://db/app"));

        assertThat(problems.all()).isEmpty();
        assertThat(settings).isEqualTo(DatabaseSettings.of("jdbc:postgresql://db/app", null, null));
    }

    @Test
    void everySettingIsRead(@TempDir Path folder) throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "s3cret\n");
        DatabaseSettings settings = read(everything(password));

        assertThat(problems.all()).isEmpty();
        assertThat(settings.password().value()).isEqualTo("s3cret");
        assertThat(settings.pgbouncer()).isTrue();
        assertThat(settings.directUrl()).contains("jdbc:postgresql://db/app");
        assertThat(settings.statementTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.pool())
                .isEqualTo(new PoolSettings(
                        new PoolSize(20, 5),
                        new Patience(40, Duration.ofSeconds(4)),
                        Duration.ofMillis(750),
                        Duration.ofHours(1),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Duration.ofMillis(500),
                        Optional.empty()));
        assertThat(settings.replica())
                .contains(new ReplicaSettings(
                        "jdbc:postgresql://replica/app",
                        Duration.ofMillis(300),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3)));
        assertThat(settings.watch())
                .isEqualTo(new WatchSettings(Duration.ofMillis(50), Duration.ofMillis(250), 7, 5, true));
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    private static Map<String, String> everything(Path password) {
        return Map.ofEntries(
                Map.entry("database.url", "jdbc:postgresql://bouncer/app"),
                Map.entry("database.user", "ann"),
                Map.entry("database.password-file", password.toString()),
                Map.entry("database.direct-url", "jdbc:postgresql://db/app"),
                Map.entry("database.pgbouncer", "true"),
                Map.entry("database.statement-timeout", "2s"),
                Map.entry("database.connect-timeout", "5s"),
                Map.entry("database.pool.maximum-pool-size", "20"),
                Map.entry("database.pool.minimum-idle", "5"),
                Map.entry("database.pool.queue", "40"),
                Map.entry("database.pool.queue-timeout", "4s"),
                Map.entry("database.pool.acquire-timeout", "750ms"),
                Map.entry("database.pool.max-lifetime", "1h"),
                Map.entry("database.pool.idle-timeout", "5m"),
                Map.entry("database.pool.keepalive", "1m"),
                Map.entry("database.pool.validation-timeout", "500ms"),
                Map.entry("database.replica.url", "jdbc:postgresql://replica/app"),
                Map.entry("database.replica.acquire-timeout", "300ms"),
                Map.entry("database.replica.probe-interval", "2s"),
                Map.entry("database.replica.max-lag", "3s"),
                Map.entry("profile.slow-statement-warn", "50ms"),
                Map.entry("profile.slow-statement-error", "250ms"),
                Map.entry("profile.slow-statement-lines", "7"),
                Map.entry("profile.repeated-statements", "5"),
                Map.entry("profile.log-parameter-values", "true"));
    }

    @Test
    void allMistakesAreToldAtOnceEachWithItsKey() {
        read(Map.of(
                "database.url", "jdbc:mysql://db/app",
                "database.pgbouncer", "true",
                "database.pool.maximum-pool-size", "4",
                "database.pool.minimum-idle", "9",
                "database.statement-timeout", "soon",
                "database.replica.url", "jdbc:postgresql://r/app?password=x",
                "profile.slow-statement-warn", "1s",
                "profile.slow-statement-error", "500ms"));

        assertThat(problems.all())
                .anyMatch(it -> it.startsWith("database.url: expected jdbc:postgresql:"))
                .anyMatch(it -> it.startsWith("database.direct-url: is required with database.pgbouncer"))
                .anyMatch(it -> it.startsWith("database.pool.minimum-idle: expected at most maximum-pool-size (4)"))
                .anyMatch(it -> it.startsWith("database.statement-timeout: "))
                .anyMatch(it -> it.startsWith("database.replica.url: holds a password"))
                .anyMatch(it -> it.startsWith("profile.slow-statement-error: expected at least slow-statement-warn"))
                .hasSize(6);
    }

    @Test
    void aMissingUrlIsToldWithAnExample() {
        read(Map.of());
        assertThat(problems.all()).singleElement().asString().startsWith("database.url: is required, for instance");
    }

    @Test
    void aUserBesideOneInTheUrlIsAProblem() {
        read(Map.of("database.url", "jdbc:postgresql://db/app?sslmode=require&user=ann", "database.user", "bob"));
        assertThat(problems.all())
                .singleElement()
                .asString()
                .startsWith("database.user: ")
                .contains("database.url", "keep one");
    }

    @Test
    void aUserInTheUrlAloneIsFine() {
        read(Map.of("database.url", "jdbc:postgresql://db/app?user=ann"));
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void aUserBeforeTheHostIsRefusedWithoutRepeatingIt() {
        read(Map.of("database.url", "jdbc:postgresql://ann:s3cret@db:5432/app"));
        assertThat(problems.all())
                .singleElement()
                .asString()
                .startsWith("database.url: holds a user")
                .contains("database.password-file")
                .doesNotContain("s3cret");
    }

    private DatabaseSettings read(Map<String, String> values) {
        return DatabaseSettings.from(Config.just(ConfigSources.create(values)), problems);
    }
}

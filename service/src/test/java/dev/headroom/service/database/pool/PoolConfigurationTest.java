package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.testkit.LoggedLines;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is set has to hold: Hikari replaces what it does not like by standards of its own. */
class PoolConfigurationTest {

    @RepeatedTest(20)
    void theShortestLifetimeIsNotMadeHalfAnHour() {
        HikariConfig config = configuration(30);

        config.validate();

        assertThat(config.getMaxLifetime()).isEqualTo(30_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 33, 120, 600, 1800})
    void hikariHasNothingToSayAboutTimes(int lifetimeSeconds) {
        HikariConfig config = configuration(lifetimeSeconds);
        try (LoggedLines log = LoggedLines.of(HikariConfig.class.getPackage())) {
            config.validate();

            assertThat(log.lines()).isEmpty();
        }
        assertThat(config.getMaxLifetime()).isBetween(lifetimeSeconds * 900L, lifetimeSeconds * 1000L);
        assertThat(config.getIdleTimeout()).isPositive().isLessThan(config.getMaxLifetime());
        assertThat(config.getKeepaliveTime()).isLessThan(config.getMaxLifetime());
    }

    private static HikariConfig configuration(int lifetimeSeconds) {
        PoolSettings standard = PoolSettings.defaults();
        PoolSettings pool = new PoolSettings(
                standard.size(),
                standard.queue(),
                standard.acquireTimeout(),
                Duration.ofSeconds(lifetimeSeconds),
                standard.idleTimeout(),
                standard.keepalive(),
                standard.validationTimeout(),
                standard.sizeFile());
        DatabaseSettings settings = DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/app", "app", "secret");
        return PoolConfiguration.of("primary", PostgresConnector.primary(settings), pool, refusal -> {});
    }
}

package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, http://localhost:8080/",
        "::, http://localhost:8080/",
        "localhost, http://localhost:8080/",
        "127.0.0.2, http://127.0.0.2:8080/",
        "::1, http://[::1]:8080/"
    })
    void theAddressThatTheLogTellsIsOneThatAnswers(String host, String url) throws UnknownHostException {
        assertThat(new ServerSettings.Address("server", "server.host", host, 0).url(8080))
                .isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource({
        "server.host, 192.0.2.1, server.host 192.0.2.1 is no address of this machine",
        "server.host, no-such-host.invalid, server.host no-such-host.invalid is no address of this machine"
    })
    void anAddressElsewhereIsToldByTheSettingThatNamesIt(String setting, String host, String message) {
        assertThat(new ServerSettings.Address("admin", setting, host, 8081).unusable(new IOException("refused")))
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("Stop what uses it");
    }

    @Test
    void theAdminPortIsWhereTheApiIsUnlessItIsToldOtherwise() {
        assertThat(admin(Map.of("server.host", "127.0.0.2")))
                .isEqualTo(new ServerSettings.Address("admin", "server.host", "127.0.0.2", 8081));
        assertThat(admin(Map.of("server.host", "127.0.0.2", "admin.host", "127.0.0.3")))
                .isEqualTo(new ServerSettings.Address("admin", "admin.host", "127.0.0.3", 8081));
    }

    private static ServerSettings.Address admin(Map<String, String> given) {
        Config config = Config.builder(ConfigSources.create(given))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        return ServerSettings.from(config, new SettingsProblems()).admin();
    }
}

package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
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
        assertThat(new ServerSettings.Address("server", host, 0).url(8080)).isEqualTo(url);
    }
}

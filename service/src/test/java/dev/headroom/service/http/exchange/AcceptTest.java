package dev.headroom.service.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                          | application/json",
                "*/*                                       | application/json",
                "application/yaml                          | application/yaml",
                "APPLICATION/YAML                          | application/yaml",
                "text/html, application/*;q=0.5            | application/json",
                "application/json;q=0.2, application/yaml  | application/yaml",
                "application/json;q=0, */*                 | application/yaml",
                "text/html,application/xml;q=0.9,*/*;q=0.8 | application/json",
                "text/html                                 | ",
                "*/*;q=0                                   | ",
                "nonsense                                  | ",
                ";                                         | ",
                ",;q=1,                                    | ",
                ";;, application/yaml;                     | application/yaml"
            })
    void theFormThatTheClientLikesBestIsChosen(String header, String chosen) {
        assertThat(Accept.choose(header, List.of("application/json", "application/yaml"))
                        .orElse(null))
                .isEqualTo(chosen);
    }
}

package dev.headroom.service.answers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampedTest {
    private final Timestamped timestamped = new Timestamped("at");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"at\" : \"1\", \"n\": 1}          | {\"at\" : \"22\", \"n\": 1}         | true",
                "{\"n\": 1, \"at\":\"1\"}            | {\"n\": 1, \"at\":null}             | true",
                "{\"at\": {\"s\": [1, 2]}, \"n\": 1} | {\"at\": 7, \"n\": 1}               | true",
                "{\"at\": \"1\", \"n\": 1}           | {\"at\": \"1\", \"n\": 2}           | false",
                "{\"at\": \"1\", \"n\": 1}           | {\"at\": \"1\", \"n\": 1, \"m\": 1} | false",
                "{\"in\": {\"at\": 1}}               | {\"in\": {\"at\": 2}}               | false",
                "{\"s\": \"at\", \"n\": 1}           | {\"s\": \"at\", \"n\": 2}           | false",
                "{\"s\": \"\\\"at\\\": 1\"}          | {\"s\": \"\\\"at\\\": 2\"}          | false",
                "{\"s\": \",\\\\\", \"at\": 1}       | {\"s\": \",\\\\\", \"at\": 2}       | true",
                "[{\"at\": 1}]                       | [{\"at\": 2}]                       | false",
                "{\"n\": 1}                          | {\"n\": 1}                          | true",
                "{\"n\": 1}                          | {\"at\": 1, \"n\": 1}               | false",
                "{\"at\": \"                         | {\"at\": \"1                        | false",
                "''                                  | ''                                  | true"
            })
    void onlyTheOutermostMembersValueMayDiffer(String before, String now, boolean same) {
        assertThat(timestamped.isSame(before.getBytes(UTF_8), now.getBytes(UTF_8)))
                .isEqualTo(same);
    }
}

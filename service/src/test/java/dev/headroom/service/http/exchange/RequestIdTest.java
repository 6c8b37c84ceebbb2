package dev.headroom.service.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    @Test
    void theCallersIdWinsThenTheTraceThenOneOfOurOwn() {
        assertThat(RequestId.of("abc-123", PARENT)).isEqualTo("abc-123");
        assertThat(RequestId.of(null, PARENT)).isEqualTo(TRACE);
        assertThat(RequestId.of(null, null)).matches("[0-9a-f]{32}").isNotEqualTo(RequestId.of(null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "é", "<script>", "%0a"})
    void anIdThatIsNotPlainIsNotTaken(String id) {
        assertThat(RequestId.of(id, null)).matches("[0-9a-f]{32}");
        assertThat(RequestId.of("x".repeat(129), null)).hasSize(32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "00-4bf9"
            })
    void aTraceParentThatIsNotValidIsPassedOver(String parent) {
        assertThat(RequestId.of(null, parent)).isNotEqualTo(TRACE).matches("[0-9a-f]{32}");
    }

    @Test
    void aLaterVersionOfTraceParentMayHaveMoreParts() {
        assertThat(RequestId.of(null, "01-" + TRACE + "-00f067aa0ba902b7-01-more"))
                .isEqualTo(TRACE);
    }
}

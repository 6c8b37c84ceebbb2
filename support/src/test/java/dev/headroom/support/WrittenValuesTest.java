package dev.headroom.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations, sizes and names as people write them. */
class WrittenValuesTest {

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "5s,PT5S", "1h30m,PT1H30M", "7d,PT168H", "0s,PT0S", "90m,PT1H30M"})
    void durationsAreRead(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "1.5s", "1h-30m", "5S", "9999999999s"})
    void otherTextIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).hasMessageContaining("500ms, 5s or 1h30m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "250ms", "75s", "90m", "24h", "25h", "7d", "1001ms"})
    void aDurationIsWrittenAsItIsRead(String text) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"8192,8192", "16kB,16384", "16KB,16384", "256Mi,268435456", "256MB,268435456", "1Gi,1073741824"})
    void sizesAreRead(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1", "1.5MB", "1TB", "1M", "999999999999GB"})
    void otherTextIsNoSize(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }

    @Test
    void aSizeIsWrittenInItsLargestWholeUnit() {
        assertThat(List.of(Sizes.format(0), Sizes.format(1000), Sizes.format(16384), Sizes.format(3L << 30)))
                .containsExactly("0", "1000", "16KB", "3GB");
    }

    @Test
    void theClosestNameIsSuggested() {
        assertThat(Suggestion.closest("colums", List.of("keys", "columns"))).contains("columns");
        assertThat(Suggestion.closest("Columns", List.of("columns"))).contains("columns");
        assertThat(Suggestion.closest("banana", List.of("keys", "columns"))).isEmpty();
        assertThat(Suggestion.hint("banana", List.of("keys", "columns"))).isEqualTo("known: keys, columns");
        assertThat(Suggestion.hint("kees", List.of("keys", "columns"))).isEqualTo("did you mean keys?");
    }
}

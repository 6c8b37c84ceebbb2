package dev.headroom.service.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {
    private static final Place PLACE = new Place("catalog.yaml", 1);

    static Parameter parameter(ParameterType type, boolean list) {
        List<String> values = type == ParameterType.ENUM ? List.of("todo", "done") : List.of();
        var bounds = new Parameter.Bounds(null, null, 10, 3, values);
        return new Parameter("p", Parameter.In.QUERY, type, list, false, null, bounds, null, PLACE);
    }

    static Parameter bounded(ParameterType type, long minimum, long maximum) {
        var bounds = new Parameter.Bounds(minimum, maximum, 10, 3, List.of());
        return new Parameter("limit", Parameter.In.QUERY, type, false, false, 500L, bounds, null, PLACE);
    }

    @Test
    void valuesHaveTheTypeThatWasDeclared() {
        assertThat(parameter(ParameterType.TEXT, false).read(List.of(" a "))).isEqualTo(" a ");
        assertThat(parameter(ParameterType.INT, false).read(List.of("-7"))).isEqualTo(-7);
        assertThat(parameter(ParameterType.BIGINT, false).read(List.of("9223372036854775807")))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(parameter(ParameterType.DATE, false).read(List.of("2026-11-20")))
                .isEqualTo(LocalDate.of(2026, 11, 20));
        assertThat(parameter(ParameterType.TIMESTAMP, false).read(List.of("2026-11-20 16:30:00")))
                .isEqualTo(LocalDateTime.of(2026, 11, 20, 16, 30));
        assertThat(parameter(ParameterType.UUID, false).read(List.of("123E4567-e89b-12d3-a456-426614174000")))
                .isEqualTo(UUID.fromString("123e4567-e89b-12d3-a456-426614174000"));
        assertThat(parameter(ParameterType.ENUM, true).read(List.of("todo,done", "todo")))
                .isEqualTo(List.of("todo", "done", "todo"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20T16:30:00Z",
                "2026-11-20T17:30:00+01:00",
                "2026-11-20T17:30:00 01:00",
                "2026-11-20T16:30:00",
                "2026-11-20 16:30:00Z"
            })
    void aTimeWithZoneIsOneInstantHoweverItIsWritten(String text) {
        assertThat(parameter(ParameterType.TIMESTAMPTZ, false).read(List.of(text)))
                .isEqualTo(OffsetDateTime.parse("2026-11-20T16:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource({"true,true", "1,true", "YES,true", "false,false", "0,false", "off,false"})
    void booleansAreTakenAsOtherServersTakeThem(String text, boolean expected) {
        assertThat(parameter(ParameterType.BOOLEAN, false).read(List.of(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UUID | nonsense | a UUID, as in 123e4567-e89b-12d3-a456-426614174000",
                "UUID | 1-1-1-1-1 | a UUID, as in 123e4567-e89b-12d3-a456-426614174000",
                "INT | 2147483648 | a whole number from -2147483648 to 2147483647",
                "INT | 1e3 | a whole number from -2147483648 to 2147483647",
                "BIGINT | 9223372036854775808 | a whole number from -9223372036854775808 to 9223372036854775807",
                "BOOLEAN | maybe | true or false",
                "DATE | 2026-02-30 | a date, as in 2026-11-20",
                "DATE | +12026-01-01 | a date, as in 2026-11-20, in the years 1 to 9999",
                "TIMESTAMPTZ | 2026-11-20T25:00:00Z | a date and time, as in 2026-11-20T16:30:00Z",
                "ENUM | open | one of todo, done",
                "TEXT | elevenchars | text of at most 10 characters, without NUL"
            })
    void aRefusalNamesTheParameterAndWhatWasExpected(ParameterType type, String text, String expected) {
        assertThatThrownBy(() -> parameter(type, false).read(List.of(text)))
                .isInstanceOf(BadParameter.class)
                .hasMessage("parameter 'p' must be " + expected);
    }

    @Test
    void aLimitOverTheMaximumIsRefusedWithTheBoundAndNotCutDown() {
        Parameter limit = bounded(ParameterType.BIGINT, 0, 5000);
        assertThat(limit.read(List.of("5000"))).isEqualTo(5000L);
        assertThat(limit.read(List.of())).isEqualTo(500L);
        assertThatThrownBy(() -> limit.read(List.of("5001")))
                .hasMessage("parameter 'limit' must be a whole number from 0 to 5000");
        assertThatThrownBy(() -> limit.read(List.of("-1")))
                .hasMessage("parameter 'limit' must be a whole number from 0 to 5000");
    }

    @Test
    void blankCountsAsNotGivenAndTwiceIsRefused() {
        Parameter text = parameter(ParameterType.TEXT, false);
        assertThat(text.read(List.of(""))).isNull();
        assertThat(text.read(List.of("", "a"))).isEqualTo("a");
        assertThatThrownBy(() -> text.read(List.of("a", "b")))
                .hasMessage("parameter 'p' must be given once; it came 2 times");
        assertThatThrownBy(() -> text.read(List.of("a\0b"))).isInstanceOf(BadParameter.class);
    }

    @Test
    void aListHasABound() {
        assertThatThrownBy(() -> parameter(ParameterType.INT, true).read(List.of("1,2", "3,4")))
                .hasMessage("parameter 'p' must be a list of at most 3 values");
    }

    @Property(tries = 3000)
    void whateverComesIsAValueOrARefusal(
            @ForAll("parameters") Parameter parameter, @ForAll("values") List<String> raw) {
        try {
            Object value = parameter.read(raw);
            if (value instanceof List<?> list) {
                assertThat(list).isNotEmpty().hasSizeLessThanOrEqualTo(3);
            }
        } catch (BadParameter refused) {
            assertThat(refused.parameter()).isEqualTo("p");
        }
    }

    @Provide
    Arbitrary<Parameter> parameters() {
        return Arbitraries.of(ParameterType.class)
                .flatMap(type -> Arbitraries.of(true, false).map(list -> parameter(type, list)));
    }

    @Provide
    Arbitrary<List<String>> values() {
        Arbitrary<String> likely = Arbitraries.strings()
                .withChars("0123456789-:T.Z+ ,eE\0truefalse")
                .ofMaxLength(30);
        return Arbitraries.oneOf(likely, Arbitraries.strings().ofMaxLength(20))
                .list()
                .ofMaxSize(3);
    }
}

package dev.headroom.service.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
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

    @Test
    void aDecimalIsExactAndEqualNumbersAreOneValue() {
        Parameter decimal = parameter(ParameterType.DECIMAL, false);

        assertThat(decimal.read(List.of("0.1000000000000000055511151231257827")))
                .isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
        assertThat(List.of("12.5", "+12.50", "12.500", " 12.5 "))
                .allSatisfy(text -> assertThat(decimal.read(List.of(text))).isEqualTo(new BigDecimal("12.5")));
        assertThat(List.of("100", "100.", "100.0"))
                .allSatisfy(text -> assertThat(decimal.read(List.of(text))).isEqualTo(new BigDecimal("100")));
        assertThat(decimal.read(List.of("-.5"))).isEqualTo(new BigDecimal("-0.5"));
    }

    @Test
    void aDecimalKeepsToItsBounds() {
        var bounds = new Parameter.Bounds(
                new BigDecimal("0.01"), new BigDecimal("99.99"), 10, 3, List.of(), null, List.of());
        Parameter price = new Parameter(
                "price", Parameter.In.QUERY, ParameterType.DECIMAL, false, false, null, bounds, null, PLACE);

        assertThat(price.read(List.of("99.990"))).isEqualTo(new BigDecimal("99.99"));
        assertThat(List.of("0.009", "99.9900001", "-1", "1e3", "NaN", "0x10", "1,5", "١", "9".repeat(51)))
                .allSatisfy(text -> assertThatThrownBy(() -> price.read(List.of(text)))
                        .hasMessage("parameter 'price' must be a number, as in 12.50, at least 0.01, at most 99.99"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"a\" : [1, 2.50, null, true] } | {\"a\":[1,2.50,null,true]}",
                "\"text\" | \"text\"",
                "12345678901234567890.10 | 12345678901234567890.10",
                "1e2 | 1e2",
                "null | null",
                "[] | []"
            })
    void jsonIsReadAndSentWithoutItsSpace(String text, String expected) {
        assertThat(json().read(List.of(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{}}",
                "{} {}",
                "{'a': 1}",
                "{a: 1}",
                "[1,]",
                "nul",
                "NaN",
                "1e100",
                "1E-00100",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "{\"\\udc00\": 1}",
                "/* a */ 1",
                "01",
                "\0"
            })
    void whatJsonbDoesNotTakeIsRefused(String text) {
        assertThatThrownBy(() -> json().read(List.of(text)))
                .hasMessage("parameter 'p' must be JSON of at most 2000 characters, as in {\"key\": [1, null]}");
    }

    @Test
    void jsonIsBoundedInSizeAndDepth() {
        assertThat(json().read(List.of("[".repeat(50) + "]".repeat(50)))).isNotNull();
        assertThatThrownBy(() -> json().read(List.of("[".repeat(51) + "]".repeat(51))))
                .isInstanceOf(BadParameter.class);
        assertThatThrownBy(() -> json().read(List.of("[" + "0,".repeat(1000) + "0]")))
                .isInstanceOf(BadParameter.class);
        assertThatThrownBy(() -> json().read(List.of("9".repeat(101)))).isInstanceOf(BadParameter.class);
    }

    private static Parameter json() {
        return new Parameter(
                "p",
                Parameter.In.QUERY,
                ParameterType.JSON,
                false,
                false,
                null,
                new Parameter.Bounds(null, null, 2000, 1, List.of()),
                null,
                PLACE);
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

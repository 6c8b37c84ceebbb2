package dev.headroom.service.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
    @Test
    void datesAreTextAsWritten() throws NotReadable {
        assertThat(YamlReader.mapping("a: 2026-05-15\nb: \"2026-05-15\"\nc: 2026-05-15T10:00:00Z\nd: 12:30", 1))
                .containsExactly(
                        Map.entry("a", "2026-05-15"),
                        Map.entry("b", "2026-05-15"),
                        Map.entry("c", "2026-05-15T10:00:00Z"),
                        Map.entry("d", "12:30"));
    }

    @Test
    void numbersAreExactFlagsAreFlagsAndNothingIsNull() throws NotReadable {
        Map<String, Object> read = YamlReader.mapping(
                "i: 42\nf: 1.10\nlong: 12345678901234567890123\nzero: 007\nt: true\nno: no\nempty:\ntilde: ~\nq: '42'\nhex: 0x1F\ninf: .inf",
                1);

        assertThat(read)
                .containsEntry("i", new BigDecimal("42"))
                .containsEntry("f", new BigDecimal("1.10"))
                .containsEntry("long", new BigDecimal("12345678901234567890123"))
                .containsEntry("t", true)
                .containsEntry("no", "no")
                .containsEntry("empty", null)
                .containsEntry("tilde", null)
                .containsEntry("q", "42")
                .containsEntry("hex", "0x1F")
                .containsEntry("inf", ".inf");
    }

    @Test
    void listsMappingsAndAliasesOfTextAreRead() throws NotReadable {
        assertThat(YamlReader.mapping("owner: &o bob\nalso: *o\nlist: [a, {b: 1}]", 1))
                .containsEntry("also", "bob")
                .containsEntry("list", List.of("a", Map.of("b", new BigDecimal(1))));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            a: [1;b: 2                        | line 6: expected ',' or ']'
            a: 1;a: 2                         | line 6: the key 'a' stands twice
            - a                               | line 5: expected a mapping
            just text                         | line 5: expected a mapping
            a: &x [1, 2];b: *x                | line 6: an alias may only name a text or number
            a: *nobody                        | line 5: an alias may only name a text or number
            a: &a [*a]                        | line 5: an alias may only name a text or number
            a: !!java.net.URL x               | line 5: the tag
            ? [a, b] : c                      | line 5: a key must be text
            a: 1;---;b: 2                     | line 6: expected one document
            a: "\\u00                         | line 5:
            """)
    void whatIsNoPlainMappingIsRefusedWithItsLine(String yaml, String why) {
        assertThatThrownBy(() -> YamlReader.mapping(yaml.replace(';', '\n'), 5))
                .isInstanceOf(NotReadable.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void tagsOfCollectionsConstructNothing() throws NotReadable {
        assertThat(YamlReader.mapping("a: !!javax.script.ScriptEngineManager [x]", 1))
                .containsEntry("a", List.of("x"));
    }

    @Test
    void anAliasBombIsRefused() {
        String bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
                + IntStream.range(1, 40)
                        .mapToObj(i -> "a%d: &a%d [%s]".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)))
                        .collect(Collectors.joining("\n"));

        assertThatThrownBy(() -> YamlReader.mapping(bomb, 1)).hasMessageStartingWith("line 2: an alias");
    }

    @Test
    void aliasesOfALongTextAreRefusedBeforeTheyAreGigabytes() {
        String bomb = "a: &a " + "x".repeat(100_000) + "\nb: [" + "*a, ".repeat(10_000) + "]";

        assertThatThrownBy(() -> YamlReader.mapping(bomb, 1))
                .hasMessage("line 2: aliases repeat more text than there is");
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> YamlReader.mapping("a: " + "[".repeat(100_000), 1))
                .isInstanceOf(NotReadable.class)
                .hasMessageContaining("nested deeper");
        assertThatThrownBy(() -> YamlReader.mapping("- ".repeat(100_000), 1)).isInstanceOf(NotReadable.class);
    }

    @Test
    void anAbsurdNumberStaysText() throws NotReadable {
        String digits = "9".repeat(500_000);

        assertThat(YamlReader.mapping("a: " + digits, 1)).containsEntry("a", digits);
    }

    @Test
    void anEscapeWithoutHexDigitsIsRefused() {
        List<String> escapes = List.of("!%", "!<%>", "\"\\x\"", "\"\\x", "\"\\U110000FF\"", "\"\\u" + "12");
        for (String yaml : escapes.stream().map(escape -> "a: " + escape).toList()) {
            assertThatThrownBy(() -> YamlReader.mapping(yaml, 7))
                    .as(yaml)
                    .isInstanceOfSatisfying(
                            NotReadable.class,
                            refused -> assertThat(refused.reason()).startsWith("line 7"));
        }
    }

    @Property(tries = 5000)
    void whateverStandsThereItIsReadOrRefused(
            @ForAll @StringLength(max = 60) @CharRange(from = ' ', to = '~') @CharRange(from = '\n', to = '\n')
                    String yaml) {
        try {
            assertThat(YamlReader.mapping(yaml, 1)).isNotNull();
        } catch (NotReadable refused) {
            assertThat(refused.reason()).startsWith("line ");
        }
    }
}

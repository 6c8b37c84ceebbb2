package dev.headroom.service.cache.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** One name for one answer: whatever the values are, no other answer has it. */
class CacheKeyTest {
    private static CacheKey key(String digest, Map<String, Object> arguments, String scope) {
        return CacheKey.of(digest, "tasks.list", new TreeMap<>(arguments), scope, List.of());
    }

    /** Texts that look like what keys are made of, and lists of them. */
    @Provide
    Arbitrary<Map<String, Object>> arguments() {
        Arbitrary<String> texts =
                Arbitraries.strings().withChars("1:|*#a").ofMaxLength(6).filter(text -> !text.isEmpty());
        Arbitrary<Object> values = Arbitraries.oneOf(
                texts.map(text -> (Object) text), texts.list().ofMaxSize(3).map(list -> (Object) list));
        return Arbitraries.maps(texts, values).ofMaxSize(4);
    }

    @Property
    void otherArgumentsAreAnotherKey(
            @ForAll("arguments") Map<String, Object> one, @ForAll("arguments") Map<String, Object> other) {
        assertThat(key("v1", one, "").equals(key("v1", other, ""))).isEqualTo(one.equals(other));
    }

    @Property
    void anotherCallersScopeIsAnotherKey(@ForAll("arguments") Map<String, Object> arguments) {
        assertThat(List.of(
                        key("v1", arguments, ""),
                        key("v1", arguments, "ann"),
                        key("v1", arguments, "bob"),
                        key("v2", arguments, "ann")))
                .doesNotHaveDuplicates();
    }

    @Test
    void longArgumentsAreNamedByTheirDigestAndStillTellCallersApart() {
        Map<String, Object> arguments = Map.of("text", "x".repeat(10_000));
        assertThat(key("v1", arguments, "ann").text()).hasSizeLessThan(200);
        assertThat(key("v1", arguments, "ann")).isNotEqualTo(key("v1", arguments, "bob"));
        assertThat(key("v1", arguments, "ann")).isNotEqualTo(key("v1", Map.of("text", "x".repeat(9_999) + "y"), "ann"));
    }

    @Test
    void whatAnEndpointsAnswersHaveInCommonDoesNotGrowWithEachRedefinition() {
        assertThat(key("v1", Map.of("a", 1), "").family())
                .isEqualTo(key("v2", Map.of("a", "x".repeat(1000)), "").family())
                .isEqualTo("tasks.list");
    }
}

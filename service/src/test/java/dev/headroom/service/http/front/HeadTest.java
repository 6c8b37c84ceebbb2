package dev.headroom.service.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
    private static Head of(String text) {
        return new Head(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"})
    void isWholeWithItsFirstEmptyLineAtItsEnd(String text) {
        assertThat(of(text).isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\r\n",
                "\r\n\r\n",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nG",
                "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\n\nGET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "\r\nGET / HTTP/1.1\r\n\r\n"
            })
    void anythingElseIsNotOneRequest(String text) {
        assertThat(of(text).isWhole()).isFalse();
    }

    @Test
    void isFoundByItsBytesAlsoAmongManyOfOneHash() {
        Map<Head, Integer> map = new HashMap<>();
        for (int number = 0; number < 1 << 12; number++) {
            var text = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                text.append((number >> bit & 1) == 0 ? "Aa" : "BB"); // of one hash, as everybody knows
            }
            map.put(of(text.toString()), number);
        }
        assertThat(map).hasSize(1 << 12);
        assertThat(map.keySet().stream().map(Head::hashCode).distinct()).hasSize(1);
        assertThat(map).containsEntry(of("Aa".repeat(12)), 0).containsEntry(of("BB".repeat(12)), (1 << 12) - 1);
    }
}

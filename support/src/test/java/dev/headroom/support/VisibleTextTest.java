package dev.headroom.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {

    @Test
    void charactersThatEndALineOrSteerATerminalAreEscaped() {
        assertThat(VisibleText.of("a\nb\r\tc\0\u001b[2J\u0085\u2028\u2029\u202e\u2066\ufeff\ud800"))
                .isEqualTo("a\\nb\\r\\tc\\u0000\\u001B[2J\\u0085\\u2028\\u2029\\u202E\\u2066\\uFEFF\\uD800");
    }

    @Test
    void tagCharactersBeyondTheBasicPlaneAreEscaped() {
        assertThat(VisibleText.of("a" + Character.toString(0xE0041))).isEqualTo("a\\U000E0041");
    }

    @Test
    void lettersOfAnyScriptStayAsTheyAre() {
        assertThat(VisibleText.of("größe 名前 می\u200cخواهم 🐘 \\n \"")).isEqualTo("größe 名前 می\u200cخواهم 🐘 \\n \"");
    }
}

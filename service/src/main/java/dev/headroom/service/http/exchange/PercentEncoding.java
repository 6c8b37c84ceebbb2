package dev.headroom.service.http.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes {@code %41} strictly: what is not hexadecimal or not UTF-8 is no text, rather than text with marks in it. */
final class PercentEncoding {
    private PercentEncoding() {}

    /** The text, or nothing when the encoding is broken. */
    static Optional<String> decode(String raw, boolean plusIsSpace) {
        if (!isAscii(raw)) {
            return Optional.empty();
        }
        if (raw.indexOf('%') < 0) {
            return Optional.of(plusIsSpace ? raw.replace('+', ' ') : raw);
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c == '%') {
                int value = hex(raw, at + 1) << 4 | hex(raw, at + 2);
                if (value < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) value);
                at += 2;
            } else {
                bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
            }
        }
        return utf8(bytes.flip());
    }

    /** A URL has no other characters, and those that a client sends all the same have become marks before we see them. */
    private static boolean isAscii(String raw) {
        for (int at = 0; at < raw.length(); at++) {
            if (raw.charAt(at) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static int hex(String raw, int at) {
        return at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException broken) {
            return Optional.empty();
        }
    }
}

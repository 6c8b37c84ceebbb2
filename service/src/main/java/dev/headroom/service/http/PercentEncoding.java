package dev.headroom.service.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes {@code %41} strictly: what is not hexadecimal or not UTF-8 is no text, rather than text with marks in it. */
final class PercentEncoding {
    private PercentEncoding() {}

    /** The text, or nothing when the encoding is broken. */
    static Optional<String> decode(String raw, boolean plusIsSpace) {
        if (raw.indexOf('%') < 0) {
            return Optional.of(plusIsSpace ? raw.replace('+', ' ') : raw);
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c == '%') {
                int value = hex(raw, at + 1) << 4 | hex(raw, at + 2);
                if (value < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) value);
                at += 2;
            } else if (c < 0x80) {
                bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
            } else {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return utf8(bytes.flip());
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

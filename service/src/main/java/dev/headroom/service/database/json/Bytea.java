package dev.headroom.service.database.json;

import java.util.Arrays;
import java.util.Base64;

/** bytea as base64, which every JSON client reads; row_to_json would write PostgreSQL's own hex form. */
final class Bytea {

    private Bytea() {}

    /** The text form is {@code \x0aff…}: the session fixes bytea_output, see the pool. */
    static void base64(byte[] text, int from, int to, JsonBuffer out) {
        byte[] raw = new byte[(to - from - 2) / 2];
        for (int octet = 0; octet < raw.length; octet++) {
            int at = from + 2 + 2 * octet;
            raw[octet] = (byte) (Character.digit(text[at], 16) << 4 | Character.digit(text[at + 1], 16));
        }
        decodedBase64(raw, 0, raw.length, out);
    }

    /** For a column: the driver has decoded it already. */
    static void decodedBase64(byte[] raw, int from, int to, JsonBuffer out) {
        byte[] encoded =
                Base64.getEncoder().encode(from == 0 && to == raw.length ? raw : Arrays.copyOfRange(raw, from, to));
        out.putQuoted(encoded, 0, encoded.length);
    }
}

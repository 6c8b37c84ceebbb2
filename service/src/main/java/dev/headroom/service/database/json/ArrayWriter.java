package dev.headroom.service.database.json;

/**
 * An array in PostgreSQL's text form, {@code [0:1]={{1,2},{3,NULL}}} at its fullest, as nested JSON arrays. Bounds are
 * left out, as row_to_json leaves them out.
 */
final class ArrayWriter implements ValueWriter {

    private final ValueWriter element;
    private final byte delimiter;

    ArrayWriter(ValueWriter element, char delimiter) {
        this.element = element;
        this.delimiter = (byte) delimiter;
    }

    @Override
    public void write(byte[] text, int from, int to, JsonBuffer out) {
        byte[] unquoted = new byte[to - from];
        int at = from;
        if (text[at] == '[') {
            while (text[at] != '=') {
                at++;
            }
            at++;
        }
        while (at < to) {
            byte octet = text[at];
            if (octet == '{') {
                out.put('[');
                at++;
            } else if (octet == '}') {
                out.put(']');
                at++;
            } else if (octet == delimiter) {
                out.put(',');
                at++;
            } else if (octet == '"') {
                at = quoted(text, at + 1, unquoted, out);
            } else {
                at = bare(text, at, to, out);
            }
        }
    }

    private int bare(byte[] text, int from, int to, JsonBuffer out) {
        int end = from;
        while (end < to && text[end] != delimiter && text[end] != '}') {
            end++;
        }
        if (end - from == 4
                && text[from] == 'N'
                && text[from + 1] == 'U'
                && text[from + 2] == 'L'
                && text[from + 3] == 'L') {
            out.putNull();
        } else {
            element.write(text, from, end, out);
        }
        return end;
    }

    private int quoted(byte[] text, int from, byte[] unquoted, JsonBuffer out) {
        int length = 0;
        int at = from;
        while (text[at] != '"') {
            if (text[at] == '\\') {
                at++;
            }
            unquoted[length++] = text[at++];
        }
        element.write(unquoted, 0, length, out);
        return at + 1;
    }
}

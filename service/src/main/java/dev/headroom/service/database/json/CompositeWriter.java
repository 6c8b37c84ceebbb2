package dev.headroom.service.database.json;

import java.util.List;

/** A row value in PostgreSQL's text form, {@code (1,"a, b",)}, as an object; an empty field is null. */
final class CompositeWriter implements ValueWriter {

    record Field(String name, ValueWriter writer) {}

    private final byte[][] keys;
    private final ValueWriter[] writers;

    CompositeWriter(List<Field> fields) {
        keys = new byte[fields.size()][];
        writers = new ValueWriter[fields.size()];
        for (int at = 0; at < keys.length; at++) {
            keys[at] = JsonTypes.key(fields.get(at).name, at == 0);
            writers[at] = fields.get(at).writer;
        }
    }

    @Override
    public void write(byte[] text, int from, int to, JsonBuffer out) {
        byte[] unquoted = new byte[to - from];
        int at = from + 1;
        for (int field = 0; field < keys.length; field++) {
            if (at >= to) {
                throw new TypeChanged();
            }
            out.put(keys[field]);
            if (text[at] == ',' || text[at] == ')') {
                out.putNull();
            } else {
                at = value(text, at, unquoted, writers[field], out);
            }
            at++;
        }
        if (keys.length == 0) {
            out.put('{');
        } else if (at != to) {
            throw new TypeChanged();
        }
        out.put('}');
    }

    /** Quotes may open and close inside a field; inside them a quote is doubled, and a backslash takes the next byte as it is. */
    private static int value(byte[] text, int from, byte[] unquoted, ValueWriter writer, JsonBuffer out) {
        int length = 0;
        int at = from;
        boolean quoted = false;
        while (quoted || (text[at] != ',' && text[at] != ')')) {
            byte octet = text[at++];
            if (octet == '\\') {
                unquoted[length++] = text[at++];
            } else if (octet != '"') {
                unquoted[length++] = octet;
            } else if (quoted && text[at] == '"') {
                unquoted[length++] = text[at++];
            } else {
                quoted = !quoted;
            }
        }
        writer.write(unquoted, 0, length, out);
        return at;
    }
}

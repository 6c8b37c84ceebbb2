package dev.headroom.service.database.json;

/** How single values look in JSON: just as PostgreSQL's own row_to_json writes them. */
final class Scalars {

    private Scalars() {}

    static void text(byte[] text, int from, int to, JsonBuffer out) {
        out.putString(text, from, to);
    }

    /** For types whose text never holds a character that JSON escapes: uuid, dates. */
    static void plain(byte[] text, int from, int to, JsonBuffer out) {
        out.putQuoted(text, from, to);
    }

    /** json and jsonb: embedded. */
    static void json(byte[] text, int from, int to, JsonBuffer out) {
        out.put(text, from, to);
    }

    /** All digits that the server has; NaN and the infinities, which JSON cannot write as numbers, as strings. */
    static void number(byte[] text, int from, int to, JsonBuffer out) {
        byte last = text[to - 1];
        if (last >= '0' && last <= '9') {
            out.put(text, from, to);
        } else {
            out.putQuoted(text, from, to);
        }
    }

    static void bool(byte[] text, int from, int to, JsonBuffer out) {
        out.putBoolean(text[from] == 't');
    }

    /** timestamp: ISO-8601, that is a T between date and time, where the server writes a space. */
    static void timestamp(byte[] text, int from, int to, JsonBuffer out) {
        out.put('"');
        putTimestamp(text, from, to, out);
        out.put('"');
    }

    /** timestamptz: as timestamp, with the whole offset (+00:00), where the server leaves out minutes that are zero. */
    static void timestamptz(byte[] text, int from, int to, JsonBuffer out) {
        out.put('"');
        int end = to;
        boolean beforeChrist = text[to - 1] == 'C';
        if (beforeChrist) {
            end -= 3;
        }
        putTimestamp(text, from, end, out);
        byte sign = end - from > 3 ? text[end - 3] : 0;
        if (sign == '+' || sign == '-') {
            out.put(':');
            out.put('0');
            out.put('0');
        }
        out.put(text, end, to);
        out.put('"');
    }

    private static void putTimestamp(byte[] text, int from, int to, JsonBuffer out) {
        int space = from;
        while (space < to && text[space] != ' ') {
            space++;
        }
        out.put(text, from, space);
        if (space < to) {
            out.put('T');
            out.put(text, space + 1, to);
        }
    }
}

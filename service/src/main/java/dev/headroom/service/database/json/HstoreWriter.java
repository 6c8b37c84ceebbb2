package dev.headroom.service.database.json;

/** An hstore in PostgreSQL's text form, {@code "key"=>"value", "other"=>NULL}, as its cast to json writes it. */
final class HstoreWriter {
    /** Between a key and its value, {@code =>}; and between two pairs, a comma and a space. */
    private static final int SEPARATOR = 2;

    private HstoreWriter() {}

    static void write(byte[] text, int from, int to, JsonBuffer out) {
        byte[] unquoted = new byte[to - from];
        out.put('{');
        int at = from;
        while (at < to) {
            if (at > from) {
                at += SEPARATOR;
                out.put(',');
                out.put(' ');
            }
            at = string(text, at, unquoted, out) + SEPARATOR;
            out.put(':');
            out.put(' ');
            if (text[at] == '"') {
                at = string(text, at, unquoted, out);
            } else {
                out.putNull();
                at += "NULL".length();
            }
        }
        out.put('}');
    }

    /** What the quotes hold; a backslash takes the next byte as it is. */
    private static int string(byte[] text, int quote, byte[] unquoted, JsonBuffer out) {
        int length = 0;
        int at = quote + 1;
        while (text[at] != '"') {
            if (text[at] == '\\') {
                at++;
            }
            unquoted[length++] = text[at++];
        }
        out.putString(unquoted, 0, length);
        return at + 1;
    }
}

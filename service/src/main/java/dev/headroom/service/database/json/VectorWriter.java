package dev.headroom.service.database.json;

/** The arrays of PostgreSQL's own catalogs, int2vector and oidvector, which have no braces: {@code 1 2 3}. */
final class VectorWriter implements ValueWriter {

    private final ValueWriter element;

    VectorWriter(ValueWriter element) {
        this.element = element;
    }

    @Override
    public void write(byte[] text, int from, int to, JsonBuffer out) {
        out.put('[');
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && text[end] != ' ') {
                end++;
            }
            if (at > from) {
                out.put(',');
            }
            element.write(text, at, end, out);
            at = end + 1;
        }
        out.put(']');
    }
}

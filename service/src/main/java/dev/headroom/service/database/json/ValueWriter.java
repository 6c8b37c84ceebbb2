package dev.headroom.service.database.json;

/** Writes one value of one type: the text that PostgreSQL sent for it, as JSON. */
@FunctionalInterface
interface ValueWriter {
    void write(byte[] text, int from, int to, JsonBuffer out);
}

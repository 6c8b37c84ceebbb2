package dev.headroom.service.database.json;

import java.util.Arrays;

/** Bytes of JSON that grow; reused, so that a list of a thousand rows costs one copy and no garbage. */
public final class JsonBuffer {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** What follows the backslash for each byte: 0 for none, 'u' for the long form. */
    private static final byte[] ESCAPES = escapes();

    private byte[] bytes;
    private int length;

    public JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    private static byte[] escapes() {
        byte[] escapes = new byte[128];
        Arrays.fill(escapes, 0, 0x20, (byte) 'u');
        escapes['\b'] = 'b';
        escapes['\t'] = 't';
        escapes['\n'] = 'n';
        escapes['\f'] = 'f';
        escapes['\r'] = 'r';
        escapes['"'] = '"';
        escapes['\\'] = '\\';
        return escapes;
    }

    public int length() {
        return length;
    }

    int capacity() {
        return bytes.length;
    }

    public void clear() {
        length = 0;
    }

    /** Takes the last bytes back. */
    void shorten(int newLength) {
        length = newLength;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    public void put(int ascii) {
        if (length == bytes.length) {
            grow(1);
        }
        bytes[length++] = (byte) ascii;
    }

    public void put(byte[] source) {
        put(source, 0, source.length);
    }

    public void put(byte[] source, int from, int to) {
        int count = to - from;
        if (count > bytes.length - length) {
            grow(count);
        }
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    public void putNull() {
        put(NULL);
    }

    /** The UTF-8 bytes between quotes, as they are. */
    void putQuoted(byte[] plain, int from, int to) {
        put('"');
        put(plain, from, to);
        put('"');
    }

    /** The UTF-8 bytes as a JSON string: quotes, backslashes and control characters escaped, all others as they are. */
    public void putString(byte[] utf8, int from, int to) {
        put('"');
        putEscaped(utf8, from, to);
        put('"');
    }

    void putEscaped(byte[] utf8, int from, int to) {
        int plainFrom = from;
        for (int at = from; at < to; at++) {
            byte octet = utf8[at];
            if (octet >= 0 && ESCAPES[octet] != 0) {
                put(utf8, plainFrom, at);
                escape(octet);
                plainFrom = at + 1;
            }
        }
        put(utf8, plainFrom, to);
    }

    private void escape(byte octet) {
        put('\\');
        byte letter = ESCAPES[octet];
        put(letter);
        if (letter == 'u') {
            put('0');
            put('0');
            put(HEX[octet >> 4]);
            put(HEX[octet & 0xF]);
        }
    }

    private void grow(int count) {
        int needed = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
    }
}

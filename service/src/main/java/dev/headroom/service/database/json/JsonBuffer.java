package dev.headroom.service.database.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of JSON that grow; reused, so that a list of a thousand rows costs one copy and no garbage. */
public final class JsonBuffer {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final byte[] LEAST = Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    /** Two digits at a time: 00 to 99 and 00 to ff. */
    private static final short[] DECIMAL = pairs(10);

    private static final short[] HEXADECIMAL = pairs(16);

    /** What follows the backslash for each byte: 0 for none, 'u' for the long form. */
    private static final byte[] ESCAPES = escapes();

    private byte[] bytes;
    private int length;

    public JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    private static short[] pairs(int base) {
        short[] pairs = new short[base * base];
        for (int pair = 0; pair < pairs.length; pair++) {
            pairs[pair] = (short) (HEX[pair / base] << 8 | HEX[pair % base]);
        }
        return pairs;
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

    void putBoolean(boolean value) {
        put(value ? TRUE : FALSE);
    }

    /** 0 to 99, with a leading zero. */
    void putTwoDigits(int value) {
        ensure(2);
        PAIR.set(bytes, length, DECIMAL[value]);
        length += 2;
    }

    /** 1 to 999,999 as the digits behind a point, without the zeros at the end. */
    void putMicros(int micros) {
        ensure(6);
        PAIR.set(bytes, length, DECIMAL[micros / 10_000]);
        PAIR.set(bytes, length + 2, DECIMAL[micros / 100 % 100]);
        PAIR.set(bytes, length + 4, DECIMAL[micros % 100]);
        int zeros = 0;
        for (int rest = micros; rest % 10 == 0; rest /= 10) {
            zeros++;
        }
        length += 6 - zeros;
    }

    void putNumber(long value) {
        ensure(20);
        if (value == Long.MIN_VALUE) {
            put(LEAST);
            return;
        }
        long rest = value;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long over = rest / 10; over > 0; over /= 10) {
            digits++;
        }
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    void putUuid(long high, long low) {
        ensure(38);
        bytes[length++] = '"';
        putHex(high, 56, 32);
        bytes[length++] = '-';
        putHex(high, 24, 16);
        bytes[length++] = '-';
        putHex(high, 8, 0);
        bytes[length++] = '-';
        putHex(low, 56, 48);
        bytes[length++] = '-';
        putHex(low, 40, 0);
        bytes[length++] = '"';
    }

    private void putHex(long value, int firstShift, int lastShift) {
        byte[] target = bytes;
        int at = length;
        for (int shift = firstShift; shift >= lastShift; shift -= 8) {
            PAIR.set(target, at, HEXADECIMAL[(int) (value >>> shift) & 0xFF]);
            at += 2;
        }
        length = at;
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
        ensure(to - from);
        int at = from;
        while (at < to) {
            if (at + 8 <= to) {
                long eight = (long) Key.EIGHT.get(utf8, at);
                if (allPlain(eight)) {
                    Key.EIGHT.set(bytes, length, eight);
                    length += 8;
                    at += 8;
                    continue;
                }
            }
            byte octet = utf8[at++];
            if (octet >= 0 && ESCAPES[octet] != 0) {
                escape(octet);
                ensure(to - at);
            } else {
                bytes[length++] = octet;
            }
        }
    }

    void put(Key key) {
        ensure(key.words.length * 8);
        int at = length;
        for (long word : key.words) {
            Key.EIGHT.set(bytes, at, word);
            at += 8;
        }
        length += key.length;
    }

    /**
     * Whether none of eight bytes is a control character, a quote or a backslash: each subtraction borrows into the top
     * bit of a byte that is below its bound, and bytes whose top bit was set before (of UTF-8) do not count.
     */
    private static boolean allPlain(long eight) {
        long quotes = eight ^ ONES * '"';
        long backslashes = eight ^ ONES * '\\';
        long found =
                ((eight - ONES * 0x20) & ~eight) | ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes);
        return (found & TOPS) == 0;
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

    private void ensure(int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
    }

    private void grow(int count) {
        int needed = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
    }
}

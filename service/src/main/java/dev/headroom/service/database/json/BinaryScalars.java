package dev.headroom.service.database.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The types that PostgreSQL sends in binary once a statement is prepared on the server, written as it would write them
 * itself. Only those for which that is less work than its text: whole numbers, uuid, dates and timestamps.
 */
final class BinaryScalars {

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private BinaryScalars() {}

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
    }

    static void int2(byte[] raw, int from, int to, JsonBuffer out) {
        out.putNumber((short) SHORT.get(raw, from));
    }

    static void int4(byte[] raw, int from, int to, JsonBuffer out) {
        out.putNumber((int) INT.get(raw, from));
    }

    static void int8(byte[] raw, int from, int to, JsonBuffer out) {
        out.putNumber((long) LONG.get(raw, from));
    }

    static void bool(byte[] raw, int from, int to, JsonBuffer out) {
        out.putBoolean(raw[from] != 0);
    }

    static void uuid(byte[] raw, int from, int to, JsonBuffer out) {
        out.putUuid((long) LONG.get(raw, from), (long) LONG.get(raw, from + 8));
    }

    static void date(byte[] raw, int from, int to, JsonBuffer out) {
        Calendars.putDate((int) INT.get(raw, from), out);
    }

    static void timestamp(byte[] raw, int from, int to, JsonBuffer out) {
        Calendars.putTimestamp((long) LONG.get(raw, from), false, out);
    }

    static void timestamptz(byte[] raw, int from, int to, JsonBuffer out) {
        Calendars.putTimestamp((long) LONG.get(raw, from), true, out);
    }
}

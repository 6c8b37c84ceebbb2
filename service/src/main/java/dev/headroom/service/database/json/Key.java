package dev.headroom.service.database.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** What stands before a value, kept as words of eight bytes: it is written once per value, and is mostly this short. */
final class Key {

    static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    final long[] words;
    final int length;

    Key(byte[] text) {
        length = text.length;
        words = new long[(length + 7) / 8];
        byte[] padded = Arrays.copyOf(text, words.length * 8);
        Arrays.setAll(words, word -> (long) EIGHT.get(padded, word * 8));
    }
}

package dev.headroom.service.http.front;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a request without a body, from its first line to the empty one. They are not parsed: two of the same bytes
 * are the same request.
 */
public final class Head implements Comparable<Head> {
    private final byte[] bytes;
    private final int hash;

    Head(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** Whether an empty line ends it and there is none before, and every line ends as it should: it is one request. */
    boolean isWhole() {
        int lines = 0;
        int begins = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                if (at == begins || bytes[at - 1] != '\r') {
                    return false;
                }
                if (at - begins == 1) {
                    return lines > 0 && at == bytes.length - 1;
                }
                lines++;
                begins = at + 1;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Head head && head.hash == hash && Arrays.equals(bytes, head.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** So that heads of one hash, which anyone can make up, are still found quickly. */
    @Override
    public int compareTo(Head other) {
        return Arrays.compare(bytes, other.bytes);
    }
}

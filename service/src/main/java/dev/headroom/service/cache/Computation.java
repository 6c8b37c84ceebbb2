package dev.headroom.service.cache;

import java.util.Arrays;
import java.util.Optional;

/** What gives an answer from the database: the body, or nothing where there is no such row. Throws when it cannot tell. */
@FunctionalInterface
public interface Computation {
    Optional<byte[]> compute();

    /** A copy for another thread. Its statements count for the request that started it. */
    default Computation carried() {
        return this;
    }

    /** Whether one body says what the other said; then the one that there was is kept on, with its validators. */
    default boolean isSame(byte[] before, byte[] now) {
        return Arrays.equals(before, now);
    }
}

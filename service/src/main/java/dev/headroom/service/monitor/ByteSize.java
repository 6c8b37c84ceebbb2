package dev.headroom.service.monitor;

import java.util.List;

/** Bytes for people, in the words and roundings of PostgreSQL's {@code pg_size_pretty}. */
final class ByteSize {
    private static final long MOST_BYTES = 10 * 1024;

    /** In halves, which is what PostgreSQL rounds by. */
    private static final long MOST_HALVES = 20 * 1024 - 1;

    private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB", "PB");

    private ByteSize() {}

    static String pretty(long bytes) {
        if (bytes < MOST_BYTES) {
            return bytes + " bytes";
        }
        long halves = bytes / 512;
        int unit = 0;
        while (halves >= MOST_HALVES && unit < UNITS.size() - 1) {
            halves /= 1024;
            unit++;
        }
        return (halves + 1) / 2 + " " + UNITS.get(unit);
    }
}

package dev.headroom.insight.findings;

import java.util.Locale;

/** Sizes as a reader wants them. */
final class Bytes {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private Bytes() {}

    static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        double size = bytes / 1024.0;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, size < 10 ? "%.1f %s" : "%.0f %s", size, UNITS[unit]);
    }
}

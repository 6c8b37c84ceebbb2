package dev.headroom.support;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of memory in bytes, in powers of 1024: a whole number alone, as PostgreSQL writes them (16kB, 256MB, 1GB) or as
 * Kubernetes does (16Ki, 256Mi, 1Gi).
 */
public final class Sizes {

    /** A size with its unit, for fields in which a bare number would be ambiguous. */
    public static final String PATTERN_WITH_UNIT = "^[1-9][0-9]{0,8}(Ki|Mi|Gi|kB|MB|GB)$";

    private static final Pattern PARTS = Pattern.compile("([0-9]{1,12})(?:([KkMG])(?:B|i))?");

    private Sizes() {}

    /**
     * Reads an amount of memory.
     *
     * @throws IllegalArgumentException with a message for the user when the text is not one
     */
    public static long parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not an amount of memory such as 256Mi, 256MB or 1Gi: " + text);
        }
        long count = Long.parseLong(parts.group(1));
        int shift = switch (parts.group(2)) {
            case "K", "k" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            case null, default -> 0;
        };
        return Math.multiplyExact(count, 1L << shift);
    }

    /** The size in the largest unit that leaves a whole number. */
    public static String format(long bytes) {
        if (bytes > 0 && bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "GB";
        }
        if (bytes > 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MB";
        }
        return bytes > 0 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KB" : Long.toString(bytes);
    }
}

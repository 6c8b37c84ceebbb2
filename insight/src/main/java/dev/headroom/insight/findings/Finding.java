package dev.headroom.insight.findings;

import java.util.Comparator;
import java.util.Locale;

/**
 * Something that costs time or space, why we think so, and the SQL that would mend it. {@code object} is the index or
 * constraint meant. Reported, never acted on unless told.
 */
public record Finding(Kind kind, String object, Severity severity, String evidence, String suggestion) {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    /** The gravest first; then by what and where, so that two reads of one state are equal. */
    public static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .reversed()
            .thenComparing(Finding::kind)
            .thenComparing(Finding::object);

    public enum Kind {
        INVALID_INDEX,
        FOREIGN_KEY_WITHOUT_INDEX,
        DUPLICATE_INDEX,
        REDUNDANT_INDEX,
        UNUSED_INDEX
    }

    public enum Severity {
        LOW,
        MEDIUM,
        HIGH
    }

    /** A size as a reader wants it. */
    static String size(long bytes) {
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

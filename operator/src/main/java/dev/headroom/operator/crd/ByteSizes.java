package dev.headroom.operator.crd;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as Kubernetes writes them (256Mi) and as PostgreSQL does (256MB), which mean the same. */
public final class ByteSizes {

    public static final String PATTERN = "^[1-9][0-9]{0,8}(Ki|Mi|Gi|kB|MB|GB)$";

    private static final Pattern PARTS = Pattern.compile("([1-9][0-9]{0,8})(Ki|Mi|Gi|kB|MB|GB)");
    private static final Map<String, Integer> SHIFT =
            Map.of("Ki", 10, "kB", 10, "Mi", 20, "MB", 20, "Gi", 30, "GB", 30);

    private ByteSizes() {}

    public static long parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not an amount of memory such as 256Mi or 1Gi: " + text);
        }
        return Long.parseLong(parts.group(1)) << SHIFT.getOrDefault(parts.group(2), 0);
    }
}

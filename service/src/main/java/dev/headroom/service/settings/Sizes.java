package dev.headroom.service.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes as people write them: a whole number, alone or with {@code KB} or {@code MB}, in powers of 1024. */
final class Sizes {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12})\\s*(KB|MB)?");

    private Sizes() {}

    static long parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException(text);
        }
        long count = Long.parseLong(written.group(1));
        return switch (written.group(2)) {
            case "KB" -> count << 10;
            case "MB" -> count << 20;
            case null, default -> count;
        };
    }

    static String format(long bytes) {
        if (bytes > 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MB";
        }
        return bytes > 0 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KB" : Long.toString(bytes);
    }
}

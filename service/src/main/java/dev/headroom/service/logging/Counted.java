package dev.headroom.service.logging;

import java.util.Locale;

/**
 * A number of things in a message: {@code 1 row}, {@code 2,000 rows}.
 *
 * @param noun in the singular; its plural ends in s
 */
public record Counted(long number, String noun) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }
}

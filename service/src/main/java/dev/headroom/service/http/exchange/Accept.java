package dev.headroom.service.http.exchange;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses among the forms that an answer can take the one that the client likes best. */
public final class Accept {
    private Accept() {}

    /**
     * The best of what is offered; empty where none of it is welcome.
     *
     * @param header the Accept header, null when the request has none: then everything is welcome
     * @param offered media types without parameters, the server's favourite first
     */
    public static Optional<String> choose(@Nullable String header, List<String> offered) {
        if (header == null || header.isBlank() || header.equals("*/*")) {
            return Optional.of(offered.getFirst());
        }
        String best = null;
        double bestQuality = 0;
        for (String offer : offered) {
            double quality = quality(header, offer);
            if (quality > bestQuality) {
                best = offer;
                bestQuality = quality;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What the most specific range that covers the offer says of it: RFC 9110, 12.5.1. */
    private static double quality(String header, String offer) {
        double quality = 0;
        int specific = -1;
        for (String part : header.split(",", -1)) {
            String[] range = part.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1);
            int match = match(range[0], offer);
            if (match > specific) {
                specific = match;
                quality = weight(range);
            }
        }
        return quality;
    }

    private static int match(String range, String offer) {
        if (range.equals(offer)) {
            return 2;
        }
        if (range.endsWith("/*") && range.length() > 2 && offer.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static double weight(String[] range) {
        for (int at = 1; at < range.length; at++) {
            if (range[at].startsWith("q=")) {
                try {
                    return Double.parseDouble(range[at].substring(2));
                } catch (NumberFormatException notOne) {
                    return 1;
                }
            }
        }
        return 1;
    }
}

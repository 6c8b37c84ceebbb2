package dev.headroom.service.http.exchange;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a client wants the gzipped body rather than the plain one: RFC 9110, 12.5.3. */
public final class AcceptEncoding {
    public static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    public static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");

    private AcceptEncoding() {}

    /**
     * Whether this client likes the compressed body better.
     *
     * @param wanted null where the request has none: then the plain body is sent, which everybody understands
     */
    public static boolean prefersGzip(@Nullable String wanted) {
        return wanted != null && prefers(wanted.toLowerCase(Locale.ROOT));
    }

    private static boolean prefers(String header) {
        if (header.indexOf(';') < 0) {
            return names(header, "gzip") || names(header, "x-gzip") || names(header, "*");
        }
        double gzip = -1;
        double identity = -1;
        double rest = -1;
        for (String part : header.split(",", -1)) {
            int semicolon = part.indexOf(';');
            String coding = (semicolon < 0 ? part : part.substring(0, semicolon)).strip();
            double quality = semicolon < 0 ? 1 : quality(part.substring(semicolon + 1));
            switch (coding) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality);
                case "identity" -> identity = quality;
                case "*" -> rest = quality;
                default -> {}
            }
        }
        double wanted = gzip >= 0 ? gzip : rest;
        return wanted > 0 && wanted >= identity;
    }

    private static boolean names(String header, String coding) {
        for (int at = 0, end = coding.length(); end <= header.length(); at++, end++) {
            boolean begins = at == 0 || header.charAt(at - 1) == ',' || header.charAt(at - 1) == ' ';
            if (begins && header.regionMatches(true, at, coding, 0, coding.length())) {
                if (end == header.length() || header.charAt(end) == ',' || header.charAt(end) == ' ') {
                    return true;
                }
            }
        }
        return false;
    }

    private static double quality(String parameter) {
        String text = parameter.strip();
        try {
            return text.startsWith("q=") ? Double.parseDouble(text.substring(2).strip()) : 1;
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }
}

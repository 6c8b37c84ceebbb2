package dev.headroom.service.http.endpoint;

import org.jspecify.annotations.Nullable;

/** Whether the client has what it would get: RFC 9110, 13.1.2. */
final class IfNoneMatch {
    private IfNoneMatch() {}

    /**
     * Compares weakly, as the RFC wants it: a proxy that compressed our answer made {@code W/"x"} of {@code "x"}.
     *
     * @param header null where the request has none
     * @param etag with its quotes
     */
    static boolean matches(@Nullable String header, String etag) {
        if (header == null) {
            return false;
        }
        if (header.equals(etag)) {
            return true;
        }
        String list = header.strip();
        return list.equals("*") || isListed(list, etag);
    }

    /** A tag is found as a whole: it ends with its quote, and what is before it is nothing, a comma, a space or W/. */
    private static boolean isListed(String list, String etag) {
        boolean inside = false;
        int begin = 0;
        for (int at = 0; at < list.length(); at++) {
            if (list.charAt(at) == '"') {
                if (inside && at + 1 - begin == etag.length() && list.startsWith(etag, begin)) {
                    return true;
                }
                inside = !inside;
                begin = at;
            }
        }
        return false;
    }
}

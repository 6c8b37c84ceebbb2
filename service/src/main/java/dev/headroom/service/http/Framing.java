package dev.headroom.service.http;

import dev.headroom.service.http.front.Requests;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

/**
 * Refuses requests that leave open where they end: what one server takes for a body, another takes for the next request,
 * and so smuggles it past whoever checks requests in front of us (RFC 9112, 11.2). Helidon 4.1.7 decides for one reading.
 */
final class Framing implements Http1ConnectionListener {

    /** Here and not in a listener of its own: where Helidon 4.1.7 has several, it tells none of them anything. */
    @Override
    public void prologue(ConnectionContext connection, HttpPrologue line) {
        Requests.began(connection);
    }

    @Override
    public void headers(ConnectionContext connection, Headers headers) {
        boolean chunked = headers.contains(HeaderNames.TRANSFER_ENCODING);
        boolean counted = headers.contains(HeaderNames.CONTENT_LENGTH);
        if (chunked && counted) {
            throw refused("both Content-Length and Transfer-Encoding");
        }
        if (chunked && !is(headers.get(HeaderNames.TRANSFER_ENCODING), "chunked")) {
            throw refused("a Transfer-Encoding other than chunked");
        }
        if (counted && !isNumber(headers.get(HeaderNames.CONTENT_LENGTH))) {
            throw refused("a Content-Length that is not one whole number");
        }
    }

    /** To the letter: of any other one Helidon 4.1.7 makes a request without a body, and the body the next request. */
    private static boolean is(Header header, String value) {
        return header.valueCount() == 1 && header.get().equals(value);
    }

    private static boolean isNumber(Header header) {
        String length = header.get();
        return header.valueCount() == 1
                && !length.isEmpty()
                && length.length() <= 18
                && length.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static RequestException refused(String what) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .status(Status.BAD_REQUEST_400)
                .setKeepAlive(false)
                .message(RefusedRequests.AMBIGUOUS + what)
                .build();
    }
}

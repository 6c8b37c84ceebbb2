package dev.headroom.service.catalog.bundled;

import dev.headroom.service.catalog.BundledCatalog;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of requests and the answers they must get:
 *
 * <pre>
 * GET /languages
 * {"languages": […]}
 *
 * GET /specs/nope
 * 404
 * </pre>
 *
 * Space outside of strings is for the reader; everything else counts, the order of keys too.
 */
record Golden(String request, String answer) {

    private static final String GET = "GET ";

    static List<Golden> of(String file) {
        List<Golden> all = new ArrayList<>();
        String request = null;
        StringBuilder answer = new StringBuilder();
        for (String line : (BundledCatalog.resource(file) + "\nGET end").lines().toList()) {
            if (!line.startsWith(GET)) {
                answer.append(line).append('\n');
                continue;
            }
            if (request != null) {
                all.add(new Golden(request, compact(answer.toString())));
            }
            request = line.substring(GET.length());
            answer.setLength(0);
        }
        return all;
    }

    String ask(BundledCatalog catalog) {
        return catalog.get(request).map(Golden::compact).orElse("404");
    }

    /** Without the space between tokens. */
    private static String compact(String json) {
        StringBuilder compact = new StringBuilder();
        boolean inString = false;
        for (int at = 0; at < json.length(); at++) {
            char c = json.charAt(at);
            if (c == '"' && (at == 0 || json.charAt(at - 1) != '\\')) {
                inString = !inString;
            }
            if (inString || !Character.isWhitespace(c)) {
                compact.append(c);
            }
        }
        return compact.toString();
    }
}

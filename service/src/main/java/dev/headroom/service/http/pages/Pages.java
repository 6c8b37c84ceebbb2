package dev.headroom.service.http.pages;

import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The routes of the pages. They are made once, at start. */
public final class Pages {
    /** Only what we serve ourselves may run or be shown, wherever text on a page comes from. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Pages() {}

    public static List<Route> routes(List<Catalog> catalogs, String version) {
        return List.of(
                page("/", Reply.HTML, Landing.page(catalogs, version)),
                page("/docs", Reply.HTML, Html.resource("docs.html").replace("{{problems}}", problems())),
                page("/docs/style.css", "text/css; charset=utf-8", Html.resource("style.css")),
                page("/docs/app.js", "text/javascript; charset=utf-8", Html.resource("app.js")));
    }

    private static Route page(String path, String type, String text) {
        Reply reply =
                Reply.of(200, type, text).with("Cache-Control", "no-cache").with("Content-Security-Policy", POLICY);
        return Route.page(path, List.of(type.replaceFirst(";.*", "")), call -> reply);
    }

    private static String problems() {
        return Arrays.stream(Problem.Kind.values())
                .map(kind -> "    <tr id=\"%s\"><td><code>%s</code><td>%d<td>%s</tr>"
                        .formatted(kind.slug(), kind.slug(), kind.status(), Html.escape(kind.meaning())))
                .collect(Collectors.joining("\n"));
    }
}

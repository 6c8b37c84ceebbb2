package dev.headroom.service.http.pages;

import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import java.util.List;

/** The page at {@code /}: the catalogs and their endpoints, each a link. */
final class Landing {
    private Landing() {}

    static String page(List<Catalog> catalogs, String version) {
        StringBuilder page = new StringBuilder("""
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Headroom</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/docs/style.css">
                <header><h1>Headroom</h1><nav><a href="/docs">Try it</a>
                <a href="/openapi.json">OpenAPI as JSON</a><a href="/openapi.yaml">as YAML</a></nav></header>
                <main>
                """);
        catalogs.forEach(catalog -> section(page, catalog));
        if (catalogs.isEmpty()) {
            page.append("<p>No catalog is enabled: see catalogs.enabled and catalogs.folders.</p>\n");
        }
        return page.append("</main>\n<footer>Headroom ")
                .append(Html.escape(version))
                .append(". Every answer says in <code>X-Process-Time</code>, <code>X-Query-Count</code> and")
                .append(" <code>X-Query-Time</code> how it came about.</footer>\n</html>\n")
                .toString();
    }

    private static void section(StringBuilder page, Catalog catalog) {
        String title = catalog.title();
        String description = catalog.description();
        page.append("<h2>")
                .append(Html.escape(title == null ? catalog.name() : title))
                .append("</h2>\n<p class=\"about\">")
                .append(Html.escape(description == null ? "" : description))
                .append("</p>\n<ul class=\"endpoints\">\n");
        catalog.endpoints().forEach(endpoint -> line(page, endpoint));
        page.append("</ul>\n");
    }

    /** Where a path needs values, the link leads to the form that asks for them. */
    private static void line(StringBuilder page, Endpoint endpoint) {
        String path = Html.escape(endpoint.path().text());
        boolean direct = endpoint.path().parameters().isEmpty();
        String summary = endpoint.summary();
        page.append("<li><a class=\"path\" href=\"")
                .append(direct ? path : "/docs#" + Html.escape(endpoint.name()))
                .append("\"><code>")
                .append(path)
                .append("</code></a><span class=\"what\">")
                .append(Html.escape(summary == null ? "" : summary))
                .append("</span></li>\n");
    }
}

package dev.headroom.service.http.openapi;

import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The whole description: one path per endpoint, in the order of the catalogs. */
public final class OpenApi {
    private final Map<String, List<Column>> columns;
    private final Predicate<Endpoint> kept;

    private OpenApi(Map<String, List<Column>> columns, Predicate<Endpoint> kept) {
        this.columns = columns;
        this.kept = kept;
    }

    /**
     * Describes the catalogs as maps and lists, ready to be written as JSON or YAML.
     *
     * @param columns by endpoint name, as {@code CatalogCheck} found them
     * @param kept whether an endpoint's answers are kept, which shows in their headers
     */
    public static Map<String, Object> describe(
            List<Catalog> catalogs, Map<String, List<Column>> columns, Predicate<Endpoint> kept, String version) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", info(catalogs, version));
        document.put("servers", List.of(Map.of("url", "/")));
        document.put("tags", catalogs.stream().map(OpenApi::tag).toList());
        document.put("paths", new OpenApi(columns, kept).paths(catalogs));
        document.put("components", Components.all());
        return document;
    }

    private static Map<String, Object> info(List<Catalog> catalogs, String version) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", catalogs.size() == 1 ? title(catalogs.getFirst()) : "Headroom");
        info.put(
                "description",
                "SQL as JSON. Every answer says in its headers how it came about; every refusal is a problem document.");
        info.put("version", version);
        return info;
    }

    private static Map<String, Object> tag(Catalog catalog) {
        Map<String, Object> tag = new LinkedHashMap<>();
        tag.put("name", catalog.name());
        String description = catalog.description();
        tag.put("description", description == null ? title(catalog) : description);
        return tag;
    }

    private static String title(Catalog catalog) {
        String title = catalog.title();
        return title == null ? catalog.name() : title;
    }

    private Map<String, Object> paths(List<Catalog> catalogs) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Catalog catalog : catalogs) {
            for (Endpoint endpoint : catalog.endpoints()) {
                paths.put(endpoint.path().text(), Map.of("get", operation(catalog, endpoint)));
            }
        }
        return paths;
    }

    private Map<String, Object> operation(Catalog catalog, Endpoint endpoint) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", endpoint.name());
        operation.put("tags", List.of(catalog.name()));
        String summary = endpoint.summary();
        if (summary != null) {
            operation.put("summary", summary);
        }
        String description = endpoint.description();
        if (description != null) {
            operation.put("description", description);
        }
        List<Object> parameters = new ArrayList<>();
        for (Parameter parameter : endpoint.parameters()) {
            parameters.add(ParameterSchema.of(parameter));
        }
        if (!headers(endpoint).equals(CacheHeaders.NOT_KEPT)) {
            parameters.add(CacheHeaders.ifNoneMatch());
        }
        operation.put("parameters", parameters);
        if (endpoint.strict()) {
            operation.put("x-unknown-parameters", "refused");
        }
        operation.put("responses", responses(endpoint));
        return operation;
    }

    private Map<String, Object> responses(Endpoint endpoint) {
        Map<String, Object> responses = new LinkedHashMap<>();
        List<String> headers = headers(endpoint);
        responses.put("200", Components.answer(answer(endpoint), headers));
        if (!headers.equals(CacheHeaders.NOT_KEPT)) {
            responses.put("304", Components.response("NotModified"));
        }
        if (endpoint.strict()) {
            responses.put("400", Components.response("BadOrUnknownParameter"));
        } else if (!endpoint.parameters().isEmpty()) {
            responses.put("400", Components.response("BadParameter"));
        }
        switch (endpoint.answer()) {
            case LIST -> {}
            case OBJECT, DOCUMENT -> responses.put("404", Components.response("NotFound"));
        }
        responses.put("406", Components.response("NotAcceptable"));
        responses.put("503", Components.response("Unavailable"));
        responses.put("default", Components.response("Problem"));
        return responses;
    }

    private List<String> headers(Endpoint endpoint) {
        if (kept.test(endpoint)) {
            return CacheHeaders.KEPT;
        }
        return endpoint.source().hasEtag() ? CacheHeaders.NOT_KEPT_WITH_ETAG : CacheHeaders.NOT_KEPT;
    }

    private Map<String, Object> answer(Endpoint endpoint) {
        List<Column> found = columns.getOrDefault(endpoint.name(), List.of());
        return switch (endpoint.answer()) {
            case LIST -> {
                Map<String, Object> list = ColumnSchema.schema("array", "");
                list.put("items", ColumnSchema.row(found));
                yield list;
            }
            case OBJECT -> ColumnSchema.row(found);
            case DOCUMENT -> Map.of();
        };
    }
}

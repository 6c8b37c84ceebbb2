package dev.headroom.service.documents;

import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import dev.headroom.service.catalog.SourceSettings;
import dev.headroom.service.catalog.SourceType;
import dev.headroom.service.catalog.SqlTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the key {@code documents} of an endpoint's entry:
 *
 * <pre>
 * documents:
 *   roots: workplan-roots.sql              # repo_slug, local_path
 *   refresh: refresh                       # the boolean parameter that asks for a new scan
 *   collection: workstreams
 *   front-matter: {type: workplan}
 *   identity: id
 *   fields: {id: id, workstream_id: state_hub_workstream_id}
 *   blocks: {word: task, collection: tasks, fields: {id: id, status: status}, heading: title}
 * </pre>
 */
public final class DocumentsSourceType implements SourceType {
    private static final List<String> SKIP = List.of(".git", "node_modules", ".venv", "target");

    @Override
    public String word() {
        return "documents";
    }

    @Override
    public DocumentsSource read(SourceSettings settings, Map<String, Parameter> parameters) {
        SqlTemplate roots = settings.statement("roots");
        if (!roots.placeholders().isEmpty() || roots.takesFilters() || roots.takesOrder()) {
            settings.mistake(
                    "roots",
                    "this statement takes no parameters, filters or order",
                    "select every repository to be read");
        }
        return new DocumentsSource(roots, shape(settings), refresh(settings, parameters));
    }

    private static Optional<String> refresh(SourceSettings settings, Map<String, Parameter> parameters) {
        String name = settings.text("refresh", "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Parameter parameter = parameters.get(name);
        if (parameter == null || parameter.type() != ParameterType.BOOLEAN) {
            settings.mistake(
                    "refresh",
                    "'" + name + "' is no boolean parameter of this endpoint",
                    "declare it: parameters: {" + name + ": {type: boolean}}");
        }
        return Optional.of(name);
    }

    private static DocumentShape shape(SourceSettings settings) {
        String kindField = "type";
        String kind = "";
        Optional<SourceSettings> matter = settings.section("front-matter");
        if (matter.isPresent() && matter.get().keys().size() == 1) {
            kindField = matter.get().keys().getFirst();
            kind = matter.get().text(kindField);
        } else {
            settings.mistake(
                    "front-matter", "one field tells a document from any other file", "front-matter: {type: workplan}");
        }
        return new DocumentShape(
                settings.text("collection"),
                settings.text("suffix", ".md"),
                Set.copyOf(settings.texts("skip", SKIP)),
                kindField,
                kind,
                settings.text("identity", "id"),
                fields(settings),
                settings.text("repository", "repo_slug"),
                settings.text("path", "path"),
                settings.section("blocks").map(DocumentsSourceType::blocks));
    }

    private static DocumentShape.Blocks blocks(SourceSettings settings) {
        return new DocumentShape.Blocks(
                settings.text("word"),
                settings.text("collection"),
                fields(settings),
                settings.text("heading", "title"));
    }

    private static Map<String, String> fields(SourceSettings settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        settings.section("fields")
                .ifPresentOrElse(
                        section -> section.keys().forEach(key -> fields.put(key, section.text(key))),
                        () -> settings.mistake(
                                "fields", "nothing of a document is answered", "fields: {id: id, title: title}"));
        return fields;
    }
}

package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Answer;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Ordering;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.PathPattern;
import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SourceType;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.support.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code endpoints}. */
final class EndpointReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String catalog;
    private final boolean strict;
    private final Map<String, CachePolicy> policies;
    private final List<SourceType> sources;
    private final SqlFiles sqlFiles;
    private final Mistakes mistakes;

    /** @param strict whether endpoints that do not say refuse unknown query parameters */
    EndpointReader(
            String catalog,
            boolean strict,
            Map<String, CachePolicy> policies,
            List<SourceType> sources,
            SqlFiles sqlFiles,
            Mistakes mistakes) {
        this.catalog = catalog;
        this.strict = strict;
        this.policies = policies;
        this.sources = sources;
        this.sqlFiles = sqlFiles;
        this.mistakes = mistakes;
    }

    Endpoint read(String pathText, YamlMap entry) {
        PathPattern path = PathReader.read(pathText, entry.place(), mistakes);
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        Map<String, SqlTemplate> filters = new LinkedHashMap<>();
        entry.maps("parameters").forEach((name, section) -> {
            parameters.put(name, parameter(name, section, path));
            if (section.has("filter")) {
                filters.put(name, sqlFiles.predicate(section.text("filter"), section.valuePlace("filter")));
            }
        });
        for (String name : path.parameters()) {
            if (!parameters.containsKey(name)) {
                mistakes.add(
                        entry.place(),
                        "the path's parameter '" + name + "' is not declared",
                        "add it under 'parameters'");
            }
        }
        Ordering ordering = OrderReader.read(entry);
        OrderReader.parameter(ordering, entry).ifPresent(sort -> add(parameters, sort));
        entry.map("paging").ifPresent(paging -> PagingReader.read(paging).forEach(each -> add(parameters, each)));
        Source source = source(entry, parameters, filters, ordering);
        unused(parameters, source);
        CachePolicy policy = policy(entry);
        Answer answer = answer(entry);
        return new Endpoint(
                catalog + "." + name(entry, path),
                path,
                entry.optionalText("summary").orElse(null),
                entry.optionalText("description").orElse(null),
                answer,
                List.copyOf(parameters.values()),
                source,
                policy,
                prewarm(entry, policy, parameters),
                entry.flag("strict", strict),
                timestamp(entry, answer),
                entry.place());
    }

    private Parameter parameter(String name, YamlMap section, PathPattern path) {
        if (!PARAMETER_NAME.matcher(name).matches()) {
            mistakes.add(
                    section.place(), "'" + name + "' cannot be a parameter's name", "letters, digits and underscores");
        }
        boolean inPath = path.parameters().contains(name);
        return ParameterEntry.read(name, section, inPath ? Parameter.In.PATH : Parameter.In.QUERY);
    }

    private void add(Map<String, Parameter> parameters, Parameter brought) {
        Parameter declared = parameters.putIfAbsent(brought.name(), brought);
        if (declared != null) {
            mistakes.add(
                    declared.place(),
                    "'" + brought.name() + "' is declared, and brought by 'paging' or 'sort'",
                    "remove one");
        }
    }

    /** Exactly one key of the entry says where the answer comes from. */
    private Source source(
            YamlMap entry, Map<String, Parameter> parameters, Map<String, SqlTemplate> filters, Ordering ordering) {
        List<SourceType> named =
                sources.stream().filter(type -> entry.has(type.word())).toList();
        boolean sql = entry.has(SqlEntry.WORD);
        if (named.size() + (sql ? 1 : 0) != 1) {
            String words = sources.stream().map(SourceType::word).collect(Collectors.joining(", "));
            mistakes.add(
                    entry.place(),
                    "an entry has exactly one source",
                    "one of: sql" + (words.isEmpty() ? "" : ", " + words));
        }
        if (named.isEmpty()) {
            return sql ? SqlEntry.read(entry, parameters, filters, ordering, mistakes) : NoSource.INSTANCE;
        }
        SourceType type = named.getFirst();
        return entry.map(type.word())
                .map(settings -> type.read(settings, parameters))
                .orElse(NoSource.INSTANCE);
    }

    private void unused(Map<String, Parameter> parameters, Source source) {
        if (source == NoSource.INSTANCE) {
            return;
        }
        for (Parameter parameter : parameters.values()) {
            if (!source.parameters().contains(parameter.name())) {
                mistakes.add(
                        parameter.place(),
                        "nothing uses parameter '" + parameter.name() + "'",
                        "write :" + parameter.name() + " in the SQL, give it a 'filter', or remove it");
            }
        }
    }

    private String name(YamlMap entry, PathPattern path) {
        String standard =
                path.segments().stream().map(PathPattern.Segment::text).collect(Collectors.joining("-"));
        String name = entry.text("name", standard);
        if (entry.has("name") && !NAME.matcher(name).matches()) {
            entry.mistake("name", "'" + name + "' cannot be an endpoint's name", "small letters, digits and dashes");
        }
        return name;
    }

    private Answer answer(YamlMap entry) {
        entry.require("answer");
        Map<String, Answer> words = new LinkedHashMap<>();
        for (Answer each : Answer.values()) {
            words.put(each.word(), each);
        }
        String given = entry.has("answer") ? entry.text("answer", "") : "";
        if (sources.stream().anyMatch(source -> source.word().equals(given))) {
            entry.mistake(
                    "answer",
                    "'answer' must be one of " + String.join(", ", words.keySet()),
                    "'" + given + "' is no answer but a source: it stands in place of 'sql', beside answer: document");
            return Answer.DOCUMENT;
        }
        return entry.oneOf("answer", words).orElse(Answer.LIST);
    }

    /** Only an answer that is kept, and that there is without knowing what a request will say. */
    private static boolean prewarm(YamlMap entry, @Nullable CachePolicy policy, Map<String, Parameter> parameters) {
        boolean prewarm = entry.flag("prewarm", false);
        if (prewarm && policy == null) {
            entry.mistake("prewarm", "an answer that is not kept cannot be prewarmed", "name a policy in 'cache'");
        }
        parameters.values().stream()
                .filter(parameter -> prewarm && (parameter.required() || parameter.in() == Parameter.In.PATH))
                .findFirst()
                .ifPresent(parameter -> entry.mistake(
                        "prewarm",
                        "nobody can know the value of '" + parameter.name() + "' before it is asked for",
                        "give it a default, or prewarm another endpoint"));
        return prewarm;
    }

    private static @Nullable String timestamp(YamlMap entry, Answer answer) {
        String member = entry.optionalText("timestamp").orElse(null);
        if (member != null && answer != Answer.DOCUMENT) {
            entry.mistake("timestamp", "only a document has a member that says when it was computed", "remove it");
        }
        return member;
    }

    private @Nullable CachePolicy policy(YamlMap entry) {
        String name = entry.optionalText("cache").orElse("none");
        if (name.equals("none")) {
            return null;
        }
        CachePolicy policy = policies.get(name);
        if (policy == null) {
            entry.mistake(
                    "cache",
                    "no cache policy is called '" + name + "'",
                    Suggestion.hint(name, new ArrayList<>(policies.keySet())));
        }
        return policy;
    }
}

package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Query;
import dev.headroom.support.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The labels of the database's own enum types: a value that a request may give, and its type does not have, is refused there. */
final class EnumLabels {
    /** By the names that the driver gives to parameters, of the types and of their arrays. */
    private static final String LABELS = """
            select case when n.nspname = any(current_schemas(true)) then t.typname
                        else '"' || n.nspname || '"."' || t.typname || '"' end,
                   e.enumlabel
            from pg_enum e
            join pg_type labelled on labelled.oid = e.enumtypid
            join pg_type t on t.oid in (labelled.oid, labelled.typarray)
            join pg_namespace n on n.oid = t.typnamespace
            order by t.oid, e.enumsortorder
            """;

    private final Map<String, List<String>> labels = new HashMap<>();

    static EnumLabels of(Database database) {
        EnumLabels all = new EnumLabels();
        Query query = Query.of("catalog-check.enum-labels", LABELS);
        for (Map.Entry<String, String> each :
                database.rows(query, row -> Map.entry(row.getString(1), row.getString(2)))) {
            all.labels.computeIfAbsent(each.getKey(), name -> new ArrayList<>()).add(each.getValue());
        }
        return all;
    }

    /** The first declared value that the type does not have. */
    Optional<Mistake> mistake(Parameter parameter, String serverType) {
        List<String> known = labels.get(serverType);
        if (known == null || parameter.type() != ParameterType.ENUM) {
            return Optional.empty();
        }
        String type = ParameterFit.unqualified(serverType);
        return parameter.bounds().values().stream()
                .filter(value -> !known.contains(value))
                .findFirst()
                .map(value -> new Mistake(
                        parameter.place(),
                        "parameter '" + parameter.name() + "' takes '" + value + "', which the database's enum "
                                + (parameter.list() ? type.substring(1) : type) + " does not have",
                        Suggestion.hint(value, known)));
    }
}

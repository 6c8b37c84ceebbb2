package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a declared type can be what the statement makes of the parameter. */
final class ParameterFit {
    private static final String ARRAY = "_";
    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext");

    /** Types that PostgreSQL itself brings and that do not read just any text. */
    private static final Set<String> NOT_TEXT = Set.of(
            "bool",
            "bytea",
            "date",
            "float4",
            "float8",
            "inet",
            "int2",
            "int4",
            "int8",
            "interval",
            "json",
            "jsonb",
            "numeric",
            "oid",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "uuid");

    private static final Map<ParameterType, Set<String>> FITTING = Map.of(
            ParameterType.INT, Set.of("int2", "int4", "int8", "numeric", "float4", "float8"),
            ParameterType.BIGINT, Set.of("int2", "int4", "int8", "numeric", "float8"),
            ParameterType.DECIMAL, Set.of("numeric", "float4", "float8"),
            ParameterType.JSON, Set.of("json", "jsonb"),
            ParameterType.BOOLEAN, Set.of("bool"),
            ParameterType.UUID, Set.of("uuid"),
            ParameterType.DATE, Set.of("date", "timestamp", "timestamptz"),
            ParameterType.TIMESTAMP, Set.of("timestamp"),
            ParameterType.TIMESTAMPTZ, Set.of("timestamptz"));

    private static final Map<String, Long> GREATEST =
            Map.of("int2", (long) Short.MAX_VALUE, "int4", (long) Integer.MAX_VALUE, "int8", Long.MAX_VALUE);

    /** What to declare for what a statement takes. */
    private static final Map<String, ParameterType> DECLARED = Map.ofEntries(
            Map.entry("bool", ParameterType.BOOLEAN),
            Map.entry("date", ParameterType.DATE),
            Map.entry("float4", ParameterType.DECIMAL),
            Map.entry("float8", ParameterType.DECIMAL),
            Map.entry("int2", ParameterType.INT),
            Map.entry("int4", ParameterType.INT),
            Map.entry("int8", ParameterType.BIGINT),
            Map.entry("json", ParameterType.JSON),
            Map.entry("jsonb", ParameterType.JSON),
            Map.entry("numeric", ParameterType.DECIMAL),
            Map.entry("timestamp", ParameterType.TIMESTAMP),
            Map.entry("timestamptz", ParameterType.TIMESTAMPTZ),
            Map.entry("uuid", ParameterType.UUID));

    private static final Set<ParameterType> NUMBERS =
            Set.of(ParameterType.INT, ParameterType.BIGINT, ParameterType.DECIMAL);
    private static final Set<ParameterType> TIMES =
            Set.of(ParameterType.DATE, ParameterType.TIMESTAMP, ParameterType.TIMESTAMPTZ);

    private ParameterFit() {}

    /** What is wrong, if anything, and what to write instead. */
    static Optional<Mistake> mistake(Parameter parameter, String serverType) {
        String sqlType = unqualified(serverType);
        boolean array = sqlType.startsWith(ARRAY);
        String name = parameter.name();
        if (array != parameter.list()) {
            String said = "parameter '" + name + "' is " + (parameter.list() ? "a list" : "one value")
                    + ", and the statement takes " + sqlType + " here";
            return Optional.of(new Mistake(
                    parameter.place(),
                    said,
                    parameter.list() ? "write = any(:" + name + "), or remove 'list'" : "declare it with list: true"));
        }
        String element = array ? sqlType.substring(1) : sqlType;
        if (!fits(parameter.type(), element)) {
            String said = "parameter '" + name + "' is declared "
                    + parameter.type().word() + ", and the statement takes " + sqlType + " here";
            return Optional.of(new Mistake(parameter.place(), said, instead(parameter, element)));
        }
        return outgrows(parameter, element);
    }

    /** A type of somebody's own comes as {@code "schema"."name"}. */
    static String unqualified(String type) {
        return type.substring(type.lastIndexOf('.') + 1).replace("\"", "");
    }

    private static boolean fits(ParameterType type, String sqlType) {
        if (TEXTS.contains(sqlType)) {
            return true; // everything can be read as text
        }
        Set<String> fitting = FITTING.get(type);
        return fitting == null ? !NOT_TEXT.contains(sqlType) : fitting.contains(sqlType);
    }

    private static String instead(Parameter parameter, String sqlType) {
        String list = parameter.list() ? "[]" : "";
        ParameterType declared = DECLARED.get(sqlType);
        if (declared == null) {
            return "declare type: text, and cast it in the SQL: :" + parameter.name() + "::text" + list + "::" + sqlType
                    + list;
        }
        String type = "declare type: " + declared.word();
        boolean alike = (NUMBERS.contains(parameter.type()) && NUMBERS.contains(declared))
                || (TIMES.contains(parameter.type()) && TIMES.contains(declared));
        if (alike) {
            return type + ", or cast it in the SQL: :" + parameter.name() + "::" + cast(parameter.type()) + list;
        }
        return declared == ParameterType.JSON
                ? type + ", or build the JSON in the SQL: to_jsonb(:" + parameter.name() + "::" + cast(parameter.type())
                        + ")"
                : type;
    }

    /** What a declared type is called in SQL. */
    private static String cast(ParameterType type) {
        return switch (type) {
            case DECIMAL -> "numeric";
            case JSON -> "jsonb";
            case ENUM -> "text";
            default -> type.word();
        };
    }

    private static Optional<Mistake> outgrows(Parameter parameter, String sqlType) {
        boolean number = parameter.type() == ParameterType.INT || parameter.type() == ParameterType.BIGINT;
        Long greatest = number ? GREATEST.get(sqlType) : null;
        if (greatest == null || parameter.greatest() <= greatest) {
            return Optional.empty();
        }
        return Optional.of(new Mistake(
                parameter.place(),
                "parameter '" + parameter.name() + "' may be up to " + parameter.greatest()
                        + ", and the statement takes " + sqlType + " here, up to " + greatest,
                "declare maximum: " + greatest + ", or cast it in the SQL: :" + parameter.name() + "::"
                        + cast(parameter.type()) + (parameter.list() ? "[]" : "")));
    }
}

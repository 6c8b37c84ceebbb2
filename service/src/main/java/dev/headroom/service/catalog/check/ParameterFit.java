package dev.headroom.service.catalog.check;

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
            ParameterType.BOOLEAN, Set.of("bool"),
            ParameterType.UUID, Set.of("uuid"),
            ParameterType.DATE, Set.of("date", "timestamp", "timestamptz"),
            ParameterType.TIMESTAMP, Set.of("timestamp"),
            ParameterType.TIMESTAMPTZ, Set.of("timestamptz"));

    private static final Map<String, Long> GREATEST =
            Map.of("int2", (long) Short.MAX_VALUE, "int4", (long) Integer.MAX_VALUE, "int8", Long.MAX_VALUE);

    private ParameterFit() {}

    /** What is wrong, if anything. */
    static Optional<String> mistake(Parameter parameter, String serverType) {
        String sqlType = unqualified(serverType);
        boolean array = sqlType.startsWith(ARRAY);
        if (array != parameter.list()) {
            return Optional.of("parameter '" + parameter.name() + "' is " + (parameter.list() ? "a list" : "one value")
                    + ", and the statement takes " + sqlType + " here");
        }
        String element = array ? sqlType.substring(1) : sqlType;
        if (!fits(parameter.type(), element)) {
            return Optional.of("parameter '" + parameter.name() + "' is declared "
                    + parameter.type().word() + ", and the statement takes " + sqlType + " here");
        }
        return outgrows(parameter, element);
    }

    /** A type of somebody's own comes as {@code "schema"."name"}. */
    private static String unqualified(String type) {
        return type.substring(type.lastIndexOf('.') + 1).replace("\"", "");
    }

    private static boolean fits(ParameterType type, String sqlType) {
        if (TEXTS.contains(sqlType)) {
            return true; // everything can be read as text
        }
        Set<String> fitting = FITTING.get(type);
        return fitting == null ? !NOT_TEXT.contains(sqlType) : fitting.contains(sqlType);
    }

    private static Optional<String> outgrows(Parameter parameter, String sqlType) {
        boolean number = parameter.type() == ParameterType.INT || parameter.type() == ParameterType.BIGINT;
        Long greatest = number ? GREATEST.get(sqlType) : null;
        if (greatest == null || parameter.greatest() <= greatest) {
            return Optional.empty();
        }
        return Optional.of("parameter '" + parameter.name() + "' may be up to " + parameter.greatest()
                + ", and the statement takes " + sqlType + " here, up to " + greatest);
    }
}

package dev.headroom.service.database.failure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The GRANT that helps against a permission that is denied. */
public final class MissingGrant {
    public static final String SQLSTATE = "42501";

    /** The kinds of objects of which statements that read need a right. Servers in other languages say it otherwise. */
    private static final Pattern DENIED = Pattern.compile(
            "permission denied for (schema|table|view|materialized view|foreign table|sequence|function|procedure) (.+)$",
            Pattern.MULTILINE);

    private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_]*");

    private MissingGrant() {}

    /**
     * The statement to run, as the owner of what the message names.
     *
     * @param message the server's
     * @param role who is to be granted it, as the server has the name; null where it is not at hand
     */
    public static String of(String message, @Nullable String role) {
        String to = role == null ? "the role of database.user" : quoted(role);
        Matcher denied = DENIED.matcher(message);
        if (!denied.find()) {
            return "grant " + to + " usage on the schema and select on the tables that the statement names";
        }
        String name = quoted(denied.group(2).strip());
        return switch (denied.group(1)) {
            case "schema" ->
                "grant usage on schema " + name + " to " + to + ", and select on the tables in it: grant select on all"
                        + " tables in schema " + name + " to " + to;
            case "function", "procedure" -> "grant execute on " + denied.group(1) + " " + name + " to " + to;
            case "sequence" -> "grant select on sequence " + name + " to " + to;
            default -> "grant select on " + name + " to " + to;
        };
    }

    private static String quoted(String name) {
        return PLAIN_NAME.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}

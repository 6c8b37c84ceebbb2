package dev.headroom.service.catalog.check;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import dev.headroom.support.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tables a schema has; asked only when a statement names one that is not there. */
final class KnownTables {
    private static final Pattern LAST_NAME = Pattern.compile("([^.\"]+)\"?$");

    /** Without a schema: braces would have brought one. */
    private static final Pattern BARE = Pattern.compile("^relation \"([^.\"]+)\" does not exist$");

    private final Database database;
    private final String schema;

    KnownTables(Database database, String schema) {
        this.database = database;
        this.schema = schema;
    }

    /** @param message the server's, {@code relation "statehub.taks" does not exist} */
    String hint(String message) {
        Query query = Query.of(
                "catalog-check.tables",
                "select relname from pg_class where relnamespace = to_regnamespace(quote_ident(?)) and relkind in ('r','p','v','m','f')"
                        + " and relname not like '%\\_schema\\_history'",
                new Param(SqlType.TEXT, schema));
        List<String> tables = new ArrayList<>(database.rows(query, row -> row.getString(1)));
        if (tables.isEmpty()) {
            return "schema '" + schema
                    + "' has no tables: set catalogs.<name>.schema, or let catalogs.migrate create them";
        }
        Matcher bare = BARE.matcher(message);
        if (bare.find()) {
            return Suggestion.closest(bare.group(1), tables)
                    .map(near -> "a table is written in braces: {" + near + "}")
                    .orElseGet(() -> "a table is written in braces, as in {" + tables.getFirst() + "}; known: "
                            + String.join(", ", tables));
        }
        Matcher name =
                LAST_NAME.matcher(message.replaceFirst("^relation \"", "").replaceFirst("\" does not exist$", ""));
        return Suggestion.hint(name.find() ? name.group(1) : message, tables);
    }
}

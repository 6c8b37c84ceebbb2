package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import java.util.List;

/** Whether a catalog's tables may be read: to prepare a statement nobody is asked for that, only to run it. */
final class ReadRights {
    private static final String MISSING = """
            select format('%I.%I', n.nspname, c.relname), quote_ident(current_user),
                   case when not has_schema_privilege(n.oid, 'usage')
                        then format('grant usage on schema %I to %I; ', n.nspname, current_user) else '' end
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where '"' || replace(n.nspname, '"', '""') || '"."' || replace(c.relname, '"', '""') || '"' = any(?::text[])
              and not has_any_column_privilege(c.oid, 'select')
            order by 1
            """;

    private ReadRights() {}

    static List<Mistake> missing(Database database, LoadedCatalog catalog) {
        Query query = Query.of("catalog-check.rights", MISSING, new Param(SqlType.TEXT, catalog.read()));
        return database.rows(
                query,
                row -> new Mistake(
                        catalog.catalog().place(),
                        "database.user may not read table " + row.getString(1),
                        row.getString(3) + "grant select on " + row.getString(1) + " to " + row.getString(2)));
    }
}

package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.List;
import java.util.Set;

/**
 * Columns whose JSON only the server can make: those of anonymous rows, because it tells nobody what fields they have, and
 * those of a type with a cast of its own to json, as PostGIS gives one to geometry. Their text would be answered as a
 * string, which nobody means.
 */
final class OwnJson {
    private static final Set<String> ANONYMOUS = Set.of("record", "_record");

    /**
     * Types with such a cast, and what is made of them, by the names that the driver gives to columns. hstore's is known to
     * the service; of arrays and rows row_to_json asks no cast. {@code part} comes first and is joined by equality: asked type
     * by type, the planner expects so much work that it compiles the statement, which took longer than all others of a start.
     */
    static final String TYPES = """
            with recursive part(whole, type) as (
              select t.oid, t.typelem
              from pg_type t
              where t.typelem <> 0 and t.typsubscript = 'array_subscript_handler'::regproc
              union all
              select t.oid, t.typbasetype
              from pg_type t
              where t.typbasetype <> 0
              union all
              select t.oid, a.atttypid
              from pg_type t
              join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped),
            own(oid) as (
              select t.oid
              from pg_cast k
              join pg_type t on t.oid = k.castsource
              where k.casttarget = 'json'::regtype and k.castmethod = 'f' and k.castsource >= 16384
                and t.typtype <> 'c' and t.typsubscript <> 'array_subscript_handler'::regproc
                and not exists (select from pg_depend d
                                join pg_extension e on e.oid = d.refobjid and d.refclassid = 'pg_extension'::regclass
                                where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
                                  and t.typname = 'hstore' and e.extname = 'hstore')
              union
              select part.whole
              from own
              join part on part.type = own.oid)
            select case when n.nspname = any(current_schemas(true)) then t.typname
                        else '"' || n.nspname || '"."' || t.typname || '"' end
            from own
            join pg_type t on t.oid = own.oid
            join pg_namespace n on n.oid = t.typnamespace
            """;

    private final Set<String> types;

    private OwnJson(Set<String> types) {
        this.types = types;
    }

    static OwnJson of(Database database) {
        return new OwnJson(
                Set.copyOf(database.rows(Query.of("catalog-check.own-json", TYPES), row -> row.getString(1))));
    }

    List<Mistake> mistakes(SqlText text, List<Column> columns) {
        return columns.stream()
                .filter(column -> ANONYMOUS.contains(column.type()) || types.contains(column.type()))
                .map(column -> new Mistake(
                        text.placeOf(0),
                        "only the server can make JSON of column '" + column.name() + "', whose type is "
                                + column.type(),
                        "select to_json(…) as it, or a cast of it to text"))
                .toList();
    }
}

package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.catalog.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Which tables an endpoint's answer is made from. Not read off a plan, which loses tables that constants make
 * irrelevant, and not declared, which somebody forgets: the statement becomes a temporary view for a moment, and the
 * server's own dependencies are followed, through views inside views, functions with an SQL body and partitions.
 */
public final class ReadTables {
    private static final String VIEW = "headroom_reads";

    private static final String DEPENDENCIES = """
            with recursive reads (kind, id) as (
                select 'pg_rewrite'::regclass, oid from pg_rewrite where ev_class = 'pg_temp.headroom_reads'::regclass
                union
                select next.kind, next.id
                from reads r
                cross join lateral (
                    select d.refclassid::regclass, d.refobjid
                    from pg_depend d
                    where d.classid = r.kind and d.objid = r.id and d.deptype in ('n', 'i')
                      and r.kind in ('pg_rewrite'::regclass, 'pg_proc'::regclass)
                      and d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass)
                    union all
                    select 'pg_rewrite'::regclass, w.oid
                    from pg_rewrite w
                    where r.kind = 'pg_class'::regclass and w.ev_class = r.id and w.rulename = '_RETURN'
                    union all
                    select 'pg_class'::regclass, i.inhrelid
                    from pg_inherits i
                    where r.kind = 'pg_class'::regclass and i.inhparent = r.id
                ) next (kind, id)
            )
            select n.nspname, c.relname
            from reads r
            join pg_class c on c.oid = r.id
            join pg_namespace n on n.oid = c.relnamespace
            where r.kind = 'pg_class'::regclass and c.relkind in ('r', 'p', 'm', 'f') and n.nspname <> 'pg_catalog'
            """;

    private final DataSource direct;

    /** A table with its schema, unquoted. */
    public record Table(String schema, String name) implements Comparable<Table> {
        @Override
        public int compareTo(Table other) {
            int bySchema = schema.compareTo(other.schema);
            return bySchema != 0 ? bySchema : name.compareTo(other.name);
        }
    }

    /** @param direct connections that may write: the view is rolled back, but it is created. */
    public ReadTables(DataSource direct) {
        this.direct = direct;
    }

    /** A connection of its own for {@link #of(Endpoint, Connection)}. */
    public Connection connect() throws SQLException {
        Connection connection = direct.getConnection();
        try (Statement bound = connection.createStatement()) {
            bound.execute("set lock_timeout = '500ms'"); // somebody may be changing a table all day
            bound.execute("set default_transaction_read_only = off"); // which a role that only reads may be given
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException broken) {
            connection.close();
            throw broken;
        }
    }

    /** The tables of all statements that the endpoint can run. */
    public Set<Table> of(Endpoint endpoint) throws SQLException {
        try (Connection connection = connect()) {
            return of(endpoint, connection);
        }
    }

    /** The same on a connection that was opened for it and serves for several endpoints. */
    public Set<Table> of(Endpoint endpoint, Connection connection) throws SQLException {
        Set<Table> tables = new TreeSet<>();
        try {
            for (SqlText text : texts(endpoint)) {
                tables.addAll(of(text, connection));
                connection.rollback();
            }
        } finally {
            connection.rollback();
        }
        return tables;
    }

    private static List<SqlText> texts(Endpoint endpoint) {
        return endpoint.source() instanceof SqlSource sql
                ? sql.widest()
                : endpoint.source().statements().stream().map(SqlTemplate::text).toList();
    }

    private static List<Table> of(SqlText text, Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        // Prepared, although it has no parameters: only then does the driver read ?? as the operator that it stands
        // for.
        try (PreparedStatement view = connection.prepareStatement(view(text, connection))) {
            view.execute();
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(DEPENDENCIES)) {
            while (rows.next()) {
                tables.add(new Table(rows.getString(1), rows.getString(2)));
            }
        }
        return tables;
    }

    /** Each parameter is null of its type; the columns are not named, so that they may have any names. */
    private static String view(SqlText text, Connection connection) throws SQLException {
        List<String> types = new ArrayList<>();
        try (PreparedStatement prepared = connection.prepareStatement(text.sql())) {
            var parameters = prepared.getParameterMetaData();
            for (int i = 1; i <= parameters.getParameterCount(); i++) {
                types.add(parameters.getParameterTypeName(i));
            }
        }
        return "create temporary view " + VIEW + " as select from (" + text.with(index -> "null::" + types.get(index))
                + ") statement";
    }
}

package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.MissingGrant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Which tables an endpoint's answer is made from. Not read off a plan, which loses tables that constants make
 * irrelevant, and not declared, which somebody forgets: the statement becomes a temporary view for a moment, and the
 * server's own dependencies are followed, through views inside views, functions with an SQL body and partitions.
 */
public final class ReadTables {
    private static final String VIEW = "headroom_reads";

    /** The class that the state of a missing right is of: access rules. */
    private static final String STATEMENT_REFUSED = "42000";

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
            select 'c' || c.oid, n.nspname, c.relname
            from reads r
            join pg_class c on c.oid = r.id
            join pg_namespace n on n.oid = c.relnamespace
            where r.kind = 'pg_class'::regclass and c.relkind in ('r', 'p', 'm', 'f') and n.nspname <> 'pg_catalog'
            union all
            select concat_ws('.', 'w', w.oid, w.xmin), null, null
            from reads r
            join pg_rewrite w on w.oid = r.id
            where r.kind = 'pg_rewrite'::regclass and w.ev_class <> 'pg_temp.headroom_reads'::regclass
            union all
            select concat_ws('.', 'p', p.oid, p.xmin), null, null
            from reads r
            join pg_proc p on p.oid = r.id
            where r.kind = 'pg_proc'::regclass
            """;

    /** All that {@link #DEPENDENCIES} follows, hashed; without what only lives in a session, and the server's own. */
    private static final String DEFINITIONS = """
            select concat_ws('/', count(*), sum(hashtextextended(what, 0)),
                             has_database_privilege(current_database(), 'temporary'))
            from (
                select concat_ws('.', 'n', oid, nspname) from pg_namespace where oid >= 16384 and nspname !~ '^pg_'
                union all
                select concat_ws('.', 'c', oid, relname, relnamespace)
                from pg_class where oid >= 16384 and relkind in ('r', 'p', 'v', 'm', 'f') and relpersistence <> 't'
                union all
                select concat_ws('.', 'w', w.oid, w.xmin)
                from pg_rewrite w join pg_class c on c.oid = w.ev_class
                where w.oid >= 16384 and c.relpersistence <> 't'
                union all
                select concat_ws('.', 'p', oid, xmin) from pg_proc where oid >= 16384 and prorettype <> 'trigger'::regtype
                union all
                select concat_ws('.', 'i', inhrelid, inhparent)
                from pg_inherits join pg_class c on c.oid = inhrelid where c.relkind in ('r', 'p', 'f')
            ) as there (what)
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

    /**
     * What answers are made from.
     *
     * @param definition names the tables and how they are read: another table of the same name, and another view in
     *     between, have another one, the same on every instance
     */
    public record Reads(SortedSet<Table> tables, String definition) {}

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

    /**
     * Names whatever statements can read, as it is defined at present: as long as the name is the same, asking for an
     * endpoint's tables again gives what it gave before. One look at the server's catalogs, and nothing is created for it.
     */
    public static String definitions(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(DEFINITIONS)) {
            row.next();
            return row.getString(1);
        } finally {
            connection.rollback();
        }
    }

    /**
     * The tables of all statements that the endpoint can run.
     *
     * @throws SQLException with state 42501 when the user may not create a temporary view, whatever the statements read;
     *     one that the user may not even prepare has another state
     */
    public Reads of(Endpoint endpoint) throws SQLException {
        try (Connection connection = connect()) {
            return of(endpoint, connection);
        }
    }

    /** The same on a connection that was opened for it and serves for several endpoints. */
    public Reads of(Endpoint endpoint, Connection connection) throws SQLException {
        SortedSet<Table> tables = new TreeSet<>();
        SortedSet<String> parts = new TreeSet<>();
        try {
            for (SqlText text : texts(endpoint)) {
                look(text, connection, tables, parts);
                connection.rollback();
            }
        } finally {
            connection.rollback();
        }
        return new Reads(tables, String.join(" ", parts));
    }

    private static List<SqlText> texts(Endpoint endpoint) {
        return endpoint.source() instanceof SqlSource sql
                ? sql.widest()
                : endpoint.source().statements().stream().map(SqlTemplate::text).toList();
    }

    private static void look(SqlText text, Connection connection, Set<Table> tables, Set<String> parts)
            throws SQLException {
        // Prepared, although it has no parameters: only then does the driver read ?? as the operator ?.
        try (PreparedStatement view = connection.prepareStatement(view(text, connection))) {
            view.execute();
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(DEPENDENCIES)) {
            while (rows.next()) {
                parts.add(rows.getString(1));
                if (rows.getString(2) != null) {
                    tables.add(new Table(rows.getString(2), rows.getString(3)));
                }
            }
        }
    }

    /** Each parameter is null of its type; the columns are not named, so that they may have any names. */
    private static String view(SqlText text, Connection connection) throws SQLException {
        List<String> types = new ArrayList<>();
        try (PreparedStatement prepared = connection.prepareStatement(text.sql())) {
            var parameters = prepared.getParameterMetaData();
            for (int i = 1; i <= parameters.getParameterCount(); i++) {
                types.add(parameters.getParameterTypeName(i));
            }
        } catch (SQLException refused) {
            String said = PostgresConnector.messageOf(refused);
            throw MissingGrant.SQLSTATE.equals(refused.getSQLState())
                    ? new SQLException(said + "; " + MissingGrant.of(said, null), STATEMENT_REFUSED, refused)
                    : refused;
        }
        return "create temporary view " + VIEW + " as select from (" + text.withNulls(types) + ") statement";
    }
}

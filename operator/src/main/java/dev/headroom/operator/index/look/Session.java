package dev.headroom.operator.index.look;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of our sessions. Everything that decides how the server reads a literal or resolves a name is the same
 * when an index is built and when it is compared: otherwise a time zone or a search path would make two definitions of
 * one declaration, and an index would be replaced for ever.
 */
public final class Session {
    private static final List<String> READING = List.of(
            "SET TimeZone = 'UTC'",
            "SET DateStyle = 'ISO, YMD'",
            "SET IntervalStyle = 'postgres'",
            "SET standard_conforming_strings = on",
            "SET quote_all_identifiers = off",
            "SET transform_null_equals = off");

    /**
     * For our own queries. Temporary tables, which the server otherwise looks in first, come last: one of them has the name of
     * a declared table, and with that may be called text or pg_index.
     */
    static final String OWN_NAMES = "SET search_path = pg_catalog, pg_temp";

    private Session() {}

    /** For a look: short, and with names printed in full. */
    public static void forLooking(Connection connection) throws SQLException {
        run(connection, READING);
        run(
                connection,
                List.of("SET statement_timeout = '15s'", "SET lock_timeout = '2s'", "SET jit = off", OWN_NAMES));
    }

    /**
     * For many looks, with hours between two of them while a build runs. Planning a look takes the server longer than
     * running it, so it is planned once it was asked for a few times.
     */
    public static void forManyLooks(Connection connection) throws SQLException {
        run(connection, keptOpen());
        run(connection, List.of("SET plan_cache_mode = force_generic_plan"));
        forLooking(connection);
    }

    /** For holding something over hours without being asked anything. */
    public static List<String> keptOpen() {
        return List.of("SET idle_session_timeout = 0", "SET idle_in_transaction_session_timeout = 0");
    }

    /** For understanding a declaration about a table of this schema: its names are the schema's, then public's. */
    public static List<String> parsing(String schema) {
        return List.of("SET search_path = " + Name.quote(schema) + ", public, pg_temp");
    }

    /** For a build or a drop. */
    public static void forWork(
            Connection connection, String schema, Duration lockLimit, Duration statementLimit, List<String> more)
            throws SQLException {
        List<String> all = new ArrayList<>(READING);
        all.addAll(keptOpen());
        all.addAll(parsing(schema));
        all.add("SET lock_timeout = " + lockLimit.toMillis());
        all.add("SET statement_timeout = " + statementLimit.toMillis());
        all.addAll(more);
        run(connection, all);
    }

    static void run(Connection connection, List<String> statements) throws SQLException {
        Rows.run(connection, String.join("; ", statements));
    }
}

package dev.headroom.service.catalog.schema;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * What sample statements make rows from: functions of the row's number, so that a seed gives the same rows on every
 * machine and in any order. They live as long as the session, and the planner writes them into the statement.
 */
final class SampleFunctions {
    private SampleFunctions() {}

    /**
     * Creates them.
     *
     * <p>{@code uniform(n, what)} is a number from 0 to 1; {@code pick(n, what, count)} one of 1 to count;
     * {@code hot(n, what, count)} the same, nine times in ten within the first tenth; {@code key(what, n)} a UUID;
     * {@code moment(n, count, what)} a time in the two years before {@code until}, later for greater n, and
     * {@code later(n, count, what, days)} one up to so many days after it;
     * {@code folder()} is where files lie.
     */
    static void create(Connection connection, SampleOptions options) throws SQLException {
        Instant until = options.until();
        long seed = options.seed();
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    create function pg_temp.uniform(n bigint, what text) returns double precision
                    language sql immutable as $$
                        select (hashint8extended(n, hashtextextended(what, %d)) & 9007199254740991)::double precision
                               / 9007199254740992
                    $$;
                    create function pg_temp.pick(n bigint, what text, among bigint) returns bigint
                    language sql immutable as $$ select 1 + floor(pg_temp.uniform(n, what) * among)::bigint $$;
                    create function pg_temp.hot(n bigint, what text, among bigint) returns bigint
                    language sql immutable as $$
                        select 1 + floor(pg_temp.uniform(n, what)
                            * case when pg_temp.uniform(-n, what) < 0.9 then ceil(among / 10.0) else among end)::bigint
                    $$;
                    create function pg_temp.key(what text, n bigint) returns uuid
                    language sql immutable as $$ select md5('%d ' || what || n::text)::uuid $$;
                    create function pg_temp.moment(n bigint, among bigint, what text) returns timestamptz
                    language sql immutable as $$
                        select timestamptz '%s' - ((among - n + pg_temp.uniform(n, what)) / among) * interval '730 days'
                    $$;
                    create function pg_temp.later(n bigint, among bigint, what text, days int) returns timestamptz
                    language sql immutable as $$
                        select least(pg_temp.moment(n, among, what) + pg_temp.uniform(n, what || '+') * days * interval '1 day',
                                     timestamptz '%s')
                    $$;
                    """.formatted(seed, seed, until, until));
            statement.execute(folder(connection, options.folder()));
        }
    }

    /** Quoted by the server: a folder may have any name, also one that would end a dollar quote of ours. */
    private static String folder(Connection connection, Path folder) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select format('create function pg_temp.folder() returns text language sql immutable as %L',
                              format('select %L::text', ?::text))""")) {
            statement.setString(1, folder.toString());
            try (ResultSet text = statement.executeQuery()) {
                text.next();
                return text.getString(1);
            }
        }
    }
}

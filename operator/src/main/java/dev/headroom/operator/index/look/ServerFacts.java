package dev.headroom.operator.index.look;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What server this is, and what our role may do on it.
 *
 * @param identity of the server and the database: what is remembered by oid is about nothing else
 * @param startedAt when the server was started: as long as it runs, the versions of its catalog rows only grow
 */
public record ServerFacts(
        int version,
        String versionText,
        boolean inRecovery,
        String role,
        boolean seesOthers,
        boolean mayProbe,
        String database,
        String identity,
        String startedAt) {
    private static final int FIRST = 14_00_00;
    private static final int FIRST_SOUND = 14_00_04;
    private static final int FIRST_NULLS_NOT_DISTINCT = 15_00_00;

    public static ServerFacts read(Connection connection) throws SQLException {
        return Rows.one(
                connection,
                """
                select current_setting('server_version_num')::int as version, current_setting('server_version') as text,
                       pg_is_in_recovery() as in_recovery, current_user::text as role, current_database()::text as database,
                       pg_has_role('pg_monitor', 'USAGE') as sees_others,
                       has_database_privilege(current_database(), 'TEMPORARY') as may_probe,
                       (select s.system_identifier || '/' || d.oid from pg_control_system() s, pg_database d
                         where d.datname = current_database()) as identity,
                       pg_postmaster_start_time()::text as started_at
                """,
                row -> new ServerFacts(
                        row.getInt("version"),
                        row.getString("text"),
                        row.getBoolean("in_recovery"),
                        row.getString("role"),
                        row.getBoolean("sees_others"),
                        row.getBoolean("may_probe"),
                        row.getString("database"),
                        row.getString("identity"),
                        row.getString("started_at")));
    }

    /** Why indexes cannot be built on this server at all. */
    public Optional<String> refusal() {
        if (version < FIRST) {
            return Optional.of("PostgreSQL " + versionText + " is too old: 14.4 is the first that is supported");
        }
        if (version < FIRST_SOUND) {
            return Optional.of(
                    "PostgreSQL " + versionText + " can corrupt indexes that are built concurrently (fixed in"
                            + " 14.4): update the server to the newest 14 first, then reindex what was built before");
        }
        if (inRecovery) {
            return Optional.of("the server is a read replica: point spec.database.host at the primary");
        }
        return Optional.empty();
    }

    boolean knowsNullsNotDistinct() {
        return version >= FIRST_NULLS_NOT_DISTINCT;
    }

    String grantTemporary() {
        return "the declaration can only be compared on a temporary table: GRANT TEMPORARY ON DATABASE "
                + Name.quote(database) + " TO " + Name.quote(role);
    }

    /** What to run so that blockers of other roles can be seen with their age and statement. */
    public Optional<String> blindness() {
        return seesOthers ? Optional.empty() : Optional.of("GRANT pg_monitor TO " + Name.quote(role));
    }
}

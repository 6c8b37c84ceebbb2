package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.index.look.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One Headroom at a time works on the indexes of a table, whatever Kubernetes thinks who leads. It is an advisory lock of
 * the session that holds it, so it ends with the process that took it.
 *
 * <p>It is only ever tried, never waited for: a session that waits for an advisory lock is inside a statement and has a
 * snapshot, which the build of the lock's holder waits for in turn.
 */
final class TableLock {
    /** "HDRM": our half of the two numbers that make an advisory lock. */
    private static final int SPACE = 0x4844524d;

    private TableLock() {}

    static boolean tryTake(Connection session, Name table) throws SQLException {
        return Sql.one(
                session,
                "select pg_try_advisory_lock(?, hashtext(?))",
                row -> row.getBoolean(1),
                SPACE,
                table.quoted());
    }
}

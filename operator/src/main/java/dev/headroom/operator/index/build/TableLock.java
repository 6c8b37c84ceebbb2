package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.index.look.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One Headroom at a time works on the indexes of a table, whatever Kubernetes thinks who leads. It is an advisory lock of
 * the session that holds it, so it ends with the process that took it.
 *
 * <p>It is only ever tried, never waited for: a session that waits for an advisory lock is inside a statement and has a
 * snapshot, which the build of the lock's holder waits for in turn.
 */
final class TableLock implements AutoCloseable {
    /** "HDRM": our half of the two numbers that make an advisory lock. */
    private static final int SPACE = 0x4844524d;

    private final Connection session;
    private final Name table;

    private TableLock(Connection session, Name table) {
        this.session = session;
        this.table = table;
    }

    static Optional<TableLock> tryTake(Connection session, Name table) throws SQLException {
        return ask(session, "pg_try_advisory_lock", table)
                ? Optional.of(new TableLock(session, table))
                : Optional.empty();
    }

    @Override
    public void close() throws SQLException {
        if (!ask(session, "pg_advisory_unlock", table)) {
            throw new SQLException("the lock of " + table + " was lost while it was needed", "08006");
        }
    }

    private static boolean ask(Connection session, String function, Name table) throws SQLException {
        String sql = "select " + function + "(?, hashtext(?))";
        return Sql.one(session, sql, row -> row.getBoolean(1), SPACE, table.quoted());
    }
}

package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One Headroom at a time works on the indexes of a table, whatever Kubernetes thinks who leads. The locks are advisory locks
 * of the session that holds them, so they end with the process that took them.
 *
 * <p>They are only ever tried, never waited for: a session that waits for an advisory lock is inside a statement and has a
 * snapshot, which the build of the lock's holder waits for in turn. So two that take several cannot deadlock either.
 */
final class TableLocks implements AutoCloseable {
    /** "HDRM": our half of the two numbers that make an advisory lock. */
    private static final int SPACE = 0x4844524d;

    private final Connection session;
    private final Set<Name> held = new LinkedHashSet<>();

    TableLocks(Connection session) {
        this.session = session;
    }

    Set<Name> held() {
        return Set.copyOf(held);
    }

    boolean have(Set<Name> tables) {
        return held.containsAll(tables);
    }

    /** Takes those of these tables and gives back all others, or takes none more. */
    boolean tryTake(Set<Name> tables) throws SQLException {
        List<Name> taken = new ArrayList<>();
        for (Name table : tables) {
            if (!held.contains(table)) {
                if (!ask("pg_try_advisory_lock", table)) {
                    release(taken);
                    return false;
                }
                taken.add(table);
            }
        }
        release(held.stream().filter(table -> !tables.contains(table)).toList());
        held.clear();
        held.addAll(tables);
        return true;
    }

    @Override
    public void close() throws SQLException {
        List<Name> all = List.copyOf(held);
        held.clear();
        release(all);
    }

    private void release(List<Name> tables) throws SQLException {
        for (Name table : tables) {
            if (!ask("pg_advisory_unlock", table)) {
                throw new SQLException("the lock of " + table + " was lost while it was needed", "08006");
            }
        }
    }

    private boolean ask(String function, Name table) throws SQLException {
        String sql = "select " + function + "(?, hashtext(?))";
        return Rows.one(session, sql, row -> row.getBoolean(1), SPACE, table.quoted());
    }
}

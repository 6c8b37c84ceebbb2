package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Who holds old snapshots, the oldest first: open transactions, prepared ones, slots and standbys. */
public final class HeldSnapshots {
    private static final String ALL = """
            select 'SESSION' as holder,
                   concat_ws(' ', a.usename, nullif(a.application_name, ''), host(a.client_addr)) as who,
                   a.pid, a.datname as database, age(coalesce(a.backend_xmin, a.backend_xid)) as age,
                   extract(epoch from clock_timestamp() - a.xact_start) as held, a.state, a.query
              from pg_stat_activity a
             where (a.backend_xmin is not null or a.backend_xid is not null)
               and a.pid <> pg_backend_pid() and a.backend_type <> 'walsender'
            union all
            select 'PREPARED_TRANSACTION', p.gid, null, p.database, age(p.transaction),
                   extract(epoch from clock_timestamp() - p.prepared), null, null
              from pg_prepared_xacts p
            union all
            select 'REPLICATION_SLOT', s.slot_name, s.active_pid, s.database,
                   greatest(age(s.xmin), age(s.catalog_xmin)), null,
                   case when s.active then 'active' else 'inactive' end, null
              from pg_replication_slots s
             where s.xmin is not null or s.catalog_xmin is not null
            union all
            select 'STANDBY', r.application_name, r.pid, null, age(r.backend_xmin), null, r.state, null
              from pg_stat_replication r
             where r.backend_xmin is not null
             order by age desc, held desc nulls last
            """;

    private HeldSnapshots() {}

    public static List<HeldSnapshot> all(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                ALL,
                row -> new HeldSnapshot(
                        HeldSnapshot.Holder.valueOf(row.getString("holder")),
                        row.getString("who"),
                        row.getObject("pid", Integer.class),
                        row.getString("database"),
                        row.getLong("age"),
                        Rows.seconds(row, "held"),
                        row.getString("state"),
                        row.getString("query")));
    }

    /**
     * Those that a concurrent build in this database would wait for: transactions open for so long already that they may
     * well stay. Vacuums are left out, as the server leaves them out; sessions of other databases hold no build up.
     */
    public static List<HeldSnapshot> delayingBuilds(Connection connection, Duration heldFor) throws SQLException {
        String here = connection.getCatalog();
        return all(connection).stream()
                .filter(held -> held.database() != null && held.database().equals(here))
                .filter(held -> held.holder() != HeldSnapshot.Holder.REPLICATION_SLOT)
                .filter(held -> held.query() == null || !held.query().startsWith("autovacuum: "))
                .filter(held ->
                        held.heldFor().map(time -> time.compareTo(heldFor) >= 0).orElse(true))
                .toList();
    }
}

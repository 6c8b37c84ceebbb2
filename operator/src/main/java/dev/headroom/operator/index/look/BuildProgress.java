package dev.headroom.operator.index.look;

import static java.util.stream.Collectors.toMap;

import dev.headroom.insight.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a build is, as pg_stat_progress_create_index has it. A role without pg_monitor sees its own builds only.
 *
 * @param waitsFor the backend whose end the build awaits, as its pid
 */
public record BuildProgress(
        int pid,
        long index,
        String phase,
        long done,
        long total,
        @Nullable Integer waitsFor) {

    /** The phases of a concurrent build, each with the part of the whole that it is, in percent. */
    private static final Map<String, Part> PARTS = Map.ofEntries(
            Map.entry("waiting for writers before build", new Part(0, 1)),
            Map.entry("building index", new Part(1, 65)),
            Map.entry("building index: scanning table", new Part(1, 40)),
            Map.entry("building index: sorting live tuples", new Part(40, 45)),
            Map.entry("building index: sorting dead tuples", new Part(44, 45)),
            Map.entry("building index: loading tuples in tree", new Part(45, 65)),
            Map.entry("waiting for writers before validation", new Part(65, 66)),
            Map.entry("index validation: scanning index", new Part(66, 72)),
            Map.entry("index validation: sorting tuples", new Part(72, 75)),
            Map.entry("index validation: scanning table", new Part(75, 98)),
            Map.entry("waiting for old snapshots", new Part(98, 99)),
            Map.entry("waiting for readers before marking dead", new Part(99, 100)),
            Map.entry("waiting for readers before dropping", new Part(99, 100)));

    private static final String SELECT = """
            select pid, coalesce(index_relid, 0)::bigint as index, phase, nullif(current_locker_pid, 0)::int as waits_for,
                   case when blocks_total > 0 then blocks_done else tuples_done end as done,
                   case when blocks_total > 0 then blocks_total else tuples_total end as total
              from pg_stat_progress_create_index where\s""";

    private record Part(int from, int until) {}

    public static Optional<BuildProgress> ofPid(Connection connection, int pid) throws SQLException {
        return Rows.list(connection, SELECT + "pid = ?", BuildProgress::progress, pid).stream()
                .findFirst();
    }

    /** Of all builds in this database, by the index's oid. */
    public static Map<Long, BuildProgress> all(Connection connection) throws SQLException {
        return Rows.list(connection, SELECT + "datname = current_database()", BuildProgress::progress).stream()
                .collect(toMap(BuildProgress::index, each -> each, (one, other) -> one));
    }

    private static BuildProgress progress(ResultSet row) throws SQLException {
        String phase = row.getString("phase");
        return new BuildProgress(
                row.getInt("pid"),
                row.getLong("index"),
                phase == null ? "initializing" : phase,
                row.getLong("done"),
                row.getLong("total"),
                row.getObject("waits_for", Integer.class));
    }

    /** Of the whole build, never going back while a build goes on. */
    public int percent() {
        Part part = PARTS.getOrDefault(phase, new Part(0, 0));
        double share = total > 0 ? Math.min(1.0, (double) done / total) : 0;
        return part.from() + (int) ((part.until() - part.from()) * share);
    }

    /** For the status: "42 %: building index: scanning table". */
    public String text() {
        return percent() + " %: " + phase + (waitsFor == null ? "" : ", for pid " + waitsFor);
    }
}

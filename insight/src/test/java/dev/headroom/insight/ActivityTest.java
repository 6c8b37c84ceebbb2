package dev.headroom.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActivityTest {
    private Db db;
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        db = new Db(
                "create schema s",
                "create table s.t (id int primary key, a int)",
                "insert into s.t select i, i from generate_series(1, 100) i");
        connection = db.connection();
    }

    @AfterEach
    void close() throws SQLException {
        db.close();
    }

    @Test
    void tableSizesComeLargestFirst() throws SQLException {
        db.execute("create table s.small (id int)", "analyze s.t");

        List<TableSize> sizes = TableSize.of(connection, List.of("s"));

        assertThat(sizes).extracting(size -> size.table().name()).containsExactly("t", "small");
        assertThat(sizes.getFirst().rows()).isEqualTo(100);
        assertThat(sizes.getFirst().indexBytes()).isEqualTo(16384);
        assertThat(sizes.getFirst().totalBytes())
                .isEqualTo(sizes.getFirst().tableBytes() + sizes.getFirst().indexBytes());
    }

    @Test
    void theMostScannedIndexesComeFirst() throws SQLException {
        db.execute(
                "create index ix on s.t (a)",
                "set enable_seqscan = off",
                "select * from s.t where id = 1",
                "select * from s.t where id = 2",
                "select * from s.t where a = 1");
        Db.flushStatistics(connection);

        List<IndexUsage> usage = IndexUsage.mostScanned(connection, List.of("s"), 20);

        assertThat(usage).extracting(use -> use.index().name()).containsExactly("t_pkey", "ix");
        assertThat(usage.getFirst().scans()).isEqualTo(2);
        assertThat(IndexUsage.mostScanned(connection, List.of("s"), 1)).hasSize(1);
    }

    @Test
    void aUsageSnapshotCountsScansAndReadsOfTheTable() throws SQLException {
        UsageSnapshot before = UsageSnapshot.of(connection, List.of("s"));
        db.execute("select * from s.t");
        Db.flushStatistics(connection);
        UsageSnapshot after = UsageSnapshot.of(connection, List.of("s"));

        long pkey = db.index("t_pkey").oid();
        assertThat(after.takenAt()).isAfter(before.takenAt());
        assertThat(after.uses().get(pkey).scans())
                .isEqualTo(before.uses().get(pkey).scans());
        assertThat(after.uses().get(pkey).tableReads())
                .isGreaterThan(before.uses().get(pkey).tableReads());
        db.execute("select pg_stat_reset()");
        // Until 14 another process is told, and takes its time.
        await().untilAsserted(() -> assertThat(
                        UsageSnapshot.of(connection, List.of("s")).statsReset())
                .isAfter(before.takenAt()));
        assertThat(UsageSnapshot.of(connection, List.of("none")).uses()).isEmpty();
    }
}

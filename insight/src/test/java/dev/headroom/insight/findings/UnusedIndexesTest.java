package dev.headroom.insight.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Db;
import dev.headroom.insight.Structure;
import dev.headroom.insight.UsageSnapshot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnusedIndexesTest {
    private Db db;

    @BeforeEach
    void aTableAPartitionedTableAndIndexes() throws SQLException {
        db = new Db(
                "create schema s",
                "create table s.parent (id int primary key)",
                "create table s.t (id int primary key, a int, b int unique, p int references s.parent)",
                "create index used on s.t (a)",
                "create index unused on s.t (b, a)",
                "create index carries on s.t (p)",
                "create table s.ev (id int, a int, b int) partition by range (id)",
                "create table s.ev1 partition of s.ev for values from (0) to (1000)",
                "create table s.ev2 partition of s.ev for values from (1000) to (2000)",
                "create index ev_used on s.ev (a)",
                "create index ev_unused on s.ev (b)",
                "insert into s.t select i, i, i from generate_series(1, 1999) i",
                "insert into s.ev select i, i, i from generate_series(1, 1999) i",
                "analyze s.t",
                "analyze s.ev",
                "set enable_seqscan = off");
    }

    @AfterEach
    void close() throws SQLException {
        db.close();
    }

    @Test
    void whatTheServerCountsDecides() throws SQLException {
        UsageSnapshot before = snapshot();
        db.execute("select * from s.t where a = 5", "select * from s.ev where a = 5 and id = 5");

        List<Finding> findings = unused(before);

        assertThat(findings).extracting(Finding::object).containsExactly("s.ev_unused", "s.unused");
        assertThat(findings.getFirst().suggestion())
                .startsWith("DROP INDEX \"s\".\"ev_unused\"; -- locks the table for a moment");
        db.execute(findings.stream().map(Finding::suggestion).toArray(String[]::new));
        assertThat(unused(before)).isEmpty();
    }

    @Test
    void aPartitionedIndexIsRestoredByWhatItsEvidenceSays() throws SQLException {
        UsageSnapshot before = snapshot();
        db.execute("select * from s.ev where a = 5 and id = 5");
        Finding finding = unused(before).getFirst();
        String restore = finding.evidence().substring(finding.evidence().indexOf("CREATE INDEX"));

        db.execute(finding.suggestion());
        db.execute(restore.lines().toArray(String[]::new));

        assertThat(structure().indexes())
                .filteredOn(index -> index.name().name().equals("ev_unused"))
                .singleElement()
                .satisfies(index -> assertThat(index.state().valid()).isTrue());
    }

    @Test
    void aResetOfTheStatisticsStartsAnew() throws SQLException {
        UsageSnapshot before = snapshot();
        db.execute("select * from s.t where a = 5");
        Db.flushStatistics(db.connection());
        db.execute("select pg_stat_reset()", "select * from s.t where a = 5");

        UsageWindow window = UsageWindow.between(before, snapshot());

        assertThat(window.since()).isAfter(before.takenAt());
        assertThat(new UnusedIndexes(structure(), window, Duration.ZERO).findings())
                .extracting(Finding::object)
                .containsExactly("s.unused");
    }

    private List<Finding> unused(UsageSnapshot before) throws SQLException {
        return new UnusedIndexes(structure(), UsageWindow.between(before, snapshot()), Duration.ZERO).findings();
    }

    private Structure structure() throws SQLException {
        return db.structure("s");
    }

    private UsageSnapshot snapshot() throws SQLException {
        Db.flushStatistics(db.connection());
        return UsageSnapshot.of(db.connection(), List.of("s"));
    }
}

package dev.headroom.insight.findings;

import static dev.headroom.insight.findings.IndexText.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import dev.headroom.insight.UsageSnapshot;
import dev.headroom.insight.UsageSnapshot.IndexUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsageWindowTest {
    private static final Instant RESET = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Index INDEX = index("ix", "t (a)");

    @Test
    void anIndexWithoutScansWhileItsTableIsReadIsUnused() {
        List<Finding> findings = unused(INDEX, after(0, 10, RESET, 0), after(7, 500, RESET, 0));

        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().evidence())
                .contains("since 2026-03-02T00:00:00Z (168 h)", "read 490 times", "replicas", "CREATE INDEX ix");
        assertThat(findings.getFirst().suggestion()).isEqualTo("DROP INDEX CONCURRENTLY \"s\".\"ix\";");
    }

    @Test
    void aServerThatRemembersTheLastScanNeedsNoWindow() {
        Instant now = MONDAY.plus(Duration.ofDays(30));
        UsageSnapshot snapshot = new UsageSnapshot(
                now, RESET, Map.of(INDEX.oid(), new IndexUse(3, 50, MONDAY, now.minusSeconds(60), null)));

        assertThat(unused(INDEX, snapshot, snapshot))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).contains("since " + MONDAY));
        UsageSnapshot lately = new UsageSnapshot(
                MONDAY.plus(Duration.ofDays(6)), RESET, Map.of(INDEX.oid(), new IndexUse(3, 50, MONDAY, now, null)));
        assertThat(unused(INDEX, lately, lately)).isEmpty();
    }

    @Test
    void anIndexThatCameLaterHasAWindowOfItsOwn() {
        UsageSnapshot before = new UsageSnapshot(MONDAY, RESET, Map.of()).withNew(after(3, 10, RESET, 0));

        assertThat(unused(INDEX, before, after(9, 500, RESET, 0))).isEmpty();
        assertThat(unused(INDEX, before, after(10, 500, RESET, 0)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence())
                        .contains("since 2026-03-05T00:00:00Z (168 h)", "read 490 times"));
        assertThat(unused(INDEX, before, after(10, 500, RESET, 1))).isEmpty();
    }

    @Test
    void oneScanInTheWindowIsUse() {
        assertThat(unused(INDEX, after(0, 0, RESET, 7), after(7, 100, RESET, 8)))
                .isEmpty();
    }

    @Test
    void scansBeforeTheWindowDoNotCount() {
        assertThat(unused(INDEX, after(0, 0, RESET, 7), after(7, 100, RESET, 7)))
                .hasSize(1);
    }

    @Test
    void aShortWindowProvesNothing() {
        assertThat(unused(INDEX, after(0, 0, RESET, 0), after(6, 100, RESET, 0)))
                .isEmpty();
    }

    @Test
    void aTableThatNobodyReadsProvesNothing() {
        assertThat(unused(INDEX, after(0, 100, RESET, 0), after(7, 100, RESET, 0)))
                .isEmpty();
    }

    @Test
    void aResetRestartsTheWindow() {
        Instant wednesday = MONDAY.plus(Duration.ofDays(2));
        UsageSnapshot before = after(0, 900, RESET, 50);

        assertThat(unused(INDEX, before, after(8, 100, wednesday, 0))).isEmpty();
        assertThat(unused(INDEX, before, after(9, 100, wednesday, 0))).hasSize(1);
        assertThat(unused(INDEX, before, after(9, 100, wednesday, 1))).isEmpty();
    }

    @Test
    void theFirstResetEverRestartsTheWindowToo() {
        Instant wednesday = MONDAY.plus(Duration.ofDays(2));

        UsageWindow window = UsageWindow.between(after(0, 0, null, 0), after(8, 0, wednesday, 0));

        assertThat(Duration.between(window.since(), window.until())).isEqualTo(Duration.ofDays(6));
    }

    @Test
    void aCounterThatWentBackwardsMeansOtherStatisticsAndNothingIsJudged() {
        assertThat(unused(INDEX, after(0, 900, RESET, 50), after(30, 1000, RESET, 0)))
                .isEmpty();
        assertThat(unused(INDEX, after(0, 900, RESET, 0), after(30, 100, RESET, 0)))
                .isEmpty();
    }

    @Test
    void anIndexBuiltInsideTheWindowIsNotJudged() {
        UsageSnapshot before = new UsageSnapshot(MONDAY, RESET, Map.of());

        assertThat(unused(INDEX, before, after(30, 100, RESET, 0))).isEmpty();
    }

    @Test
    void whatGuaranteesSomethingIsNeverUnused() {
        for (String text : List.of(
                "unique t (a)", "unique t (a) constraint", "t (a) identity", "t (a) attached", "t (a) invalid")) {
            assertThat(unused(index("ix", text), after(0, 0, RESET, 0), after(30, 100, RESET, 0)))
                    .as(text)
                    .isEmpty();
        }
    }

    @Test
    void anIndexThatCarriesAForeignKeyIsNeverUnused() {
        ForeignKey key =
                new ForeignKey("fk", INDEX.table(), List.of("a"), new Name("s", "p"), "CASCADE", false, null, 0, 0);
        Structure structure = new Structure(List.of(INDEX), List.of(key), List.of());
        UsageWindow window = UsageWindow.between(after(0, 0, RESET, 0), after(30, 100, RESET, 0));

        assertThat(new UnusedIndexes(structure, window, WEEK).findings()).isEmpty();
    }

    @Test
    void whatGoesAsUnusedIsNoCoverForAnother() {
        Index narrow = index("narrow", "t (a)");
        Index wide = index("wide", "t (a, b)");
        Structure structure = new Structure(List.of(narrow, wide), List.of(), List.of());
        UsageWindow window = new UsageWindow(
                MONDAY,
                MONDAY.plus(WEEK),
                Map.of(narrow.oid(), new IndexUse(9, 100), wide.oid(), new IndexUse(0, 100)));

        assertThat(Findings.in(structure, List.of(), Set.of(), Optional.of(window)))
                .extracting(Finding::kind, Finding::object)
                .containsExactly(org.assertj.core.api.Assertions.tuple(Finding.Kind.UNUSED_INDEX, "s.wide"));
        assertThat(Findings.in(structure, List.of(), Set.of(), Optional.empty()))
                .extracting(Finding::object)
                .containsExactly("s.narrow");
    }

    private static List<Finding> unused(Index index, UsageSnapshot before, UsageSnapshot after) {
        Structure structure = new Structure(List.of(index), List.of(), List.of());
        return new UnusedIndexes(structure, UsageWindow.between(before, after), WEEK).findings();
    }

    private static UsageSnapshot after(int days, long tableReads, Instant reset, long scans) {
        return new UsageSnapshot(
                MONDAY.plus(Duration.ofDays(days)), reset, Map.of(INDEX.oid(), new IndexUse(scans, tableReads)));
    }
}

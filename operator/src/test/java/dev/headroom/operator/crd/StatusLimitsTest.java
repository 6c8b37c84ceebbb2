package dev.headroom.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.crd.CapacityStatus.Decision;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexStatus.State;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusLimitsTest {
    private static final String LONG = "ü".repeat(60);

    @Test
    void aStatusOfThousandsOfIndexesOnHundredsOfPartitionsIsSmall() throws Exception {
        List<String> ofOne = Collections.nCopies(
                3 * 500, "CREATE INDEX CONCURRENTLY \"" + LONG + "\" ON \"" + LONG + "\".\"" + LONG + "\" (\"x\")");
        List<IndexStatus> indexes = IntStream.range(0, 20 * 250)
                .mapToObj(i -> index(LONG + i, i % 2 == 0 ? State.VALID : State.PENDING, LONG.repeat(30), ofOne))
                .toList();
        FindingStatus finding =
                new FindingStatus("ForeignKeyWithoutIndex", LONG, "Warning", LONG.repeat(50), String.join("\n", ofOne));

        DbPerformanceStatus limited = applied(indexes, Collections.nCopies(5000, finding));

        assertThat(bytes(limited)).isLessThan(512 << 10);
        assertThat(limited.indexes()).hasSize(StatusLimits.INDEXES).allMatch(each -> each.state() == State.PENDING);
        assertThat(limited.indexes().getFirst().sql())
                .hasSize(StatusLimits.STATEMENTS_OF_AN_INDEX + 1)
                .last()
                .isEqualTo("-- and 1490 more statements: operator plan prints them");
        assertThat(limited.findings()).hasSize(StatusLimits.FINDINGS);
        assertThat(limited.findings().getFirst().suggestion()).startsWith("-- 1500 lines");
        assertThat(limited.conditions().getFirst().message())
                .contains("200 of 5000 indexes and 50 of 5000 findings", "operator plan");
    }

    @Test
    void aLimitedStatusIsLimitedNoFurther() {
        DbPerformanceStatus once = applied(
                List.of(index("ix", State.PENDING, LONG.repeat(60), Collections.nCopies(50, "DROP INDEX ix"))),
                List.of());

        assertThat(StatusLimits.applied(once)).isEqualTo(once);
    }

    @Test
    void decisionsAreCut() throws Exception {
        Decision decision = new Decision("2026-11-30T00:00:00Z", "x".repeat(1 << 20));
        CapacityStatus capacity = new CapacityStatus(
                1, 1, 1, null, null, null, Collections.nCopies(CapacityStatus.DECISIONS, decision), List.of());

        DbPerformanceStatus limited = StatusLimits.applied(
                new DbPerformanceStatus(1L, List.of(), null, null, null, List.of(), List.of(), null, capacity));

        assertThat(bytes(limited)).isLessThan(32 << 10);
    }

    @Test
    void anOrdinaryStatusIsWhatItWas() {
        DbPerformanceStatus whole = status(
                List.of(index("ix", State.PENDING, "waits", List.of("CREATE INDEX ix ON t (a)"))),
                List.of(new FindingStatus("UnusedIndex", "public.i", "Info", "no scan", "DROP INDEX i")));

        assertThat(StatusLimits.applied(whole)).isEqualTo(whole);
    }

    private static DbPerformanceStatus applied(List<IndexStatus> indexes, List<FindingStatus> findings) {
        return StatusLimits.applied(status(indexes, findings));
    }

    private static DbPerformanceStatus status(List<IndexStatus> indexes, List<FindingStatus> findings) {
        Condition condition =
                new Condition("IndexesReady", Truth.FALSE, "IndexesPending", "0 valid", "2026-11-30T00:00:00Z", 1L);
        return new DbPerformanceStatus(1L, List.of(condition), 1, 0, null, indexes, findings, null, null);
    }

    private static IndexStatus index(String name, State state, String message, List<String> sql) {
        return new IndexStatus(name, "public.t", Origin.DECLARED, state, null, LONG, null, null, message, sql);
    }

    private static int bytes(DbPerformanceStatus status) throws Exception {
        return new ObjectMapper().writeValueAsString(status).getBytes(StandardCharsets.UTF_8).length;
    }
}

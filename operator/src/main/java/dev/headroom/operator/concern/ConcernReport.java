package dev.headroom.operator.concern;

import dev.headroom.operator.crd.DbPerformanceStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a concern found and did in one pass.
 *
 * @param verdicts one for each of the concern's conditions
 * @param section writes what was found into the concern's part of the status
 * @param served false when the concern can do nothing for this resource as things are, such as on a server that is too old
 * @param settled false while another pass by itself may find it further (building, blocked, retrying): the command line
 *     waits for true
 * @param next the latest time until the concern runs again; it runs every few minutes anyway
 */
public record ConcernReport(
        Map<String, Verdict> verdicts,
        UnaryOperator<DbPerformanceStatus> section,
        List<Notice> notices,
        boolean served,
        boolean settled,
        Duration next) {

    /** Of a concern that can be of use. */
    public ConcernReport(
            Map<String, Verdict> verdicts,
            UnaryOperator<DbPerformanceStatus> section,
            List<Notice> notices,
            boolean settled,
            Duration next) {
        this(verdicts, section, notices, true, settled, next);
    }

    public ConcernReport {
        verdicts = new LinkedHashMap<>(verdicts);
        notices = List.copyOf(notices);
    }

    /** What the concern alone would write into an empty status. */
    public DbPerformanceStatus status() {
        return section.apply(DbPerformanceStatus.EMPTY);
    }

    ConcernReport withoutNotices() {
        return new ConcernReport(verdicts, section, List.of(), served, settled, next);
    }
}

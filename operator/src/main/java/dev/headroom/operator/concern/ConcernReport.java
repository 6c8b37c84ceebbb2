package dev.headroom.operator.concern;

import java.time.Duration;
import java.util.List;

/**
 * What a look found and did.
 *
 * @param pending what is wanted and not yet so, one line each, as the exact SQL or value: in Observe what Apply would do,
 *     in Apply what is being done or waits. Empty when there is nothing to do
 * @param settled false while another look by itself may find it further (building, blocked, retrying): the CLI waits
 *     for true
 * @param nextLook the latest time until the next look; the reconciler looks at least every few minutes anyway
 */
public record ConcernReport(
        Verdict verdict,
        Section section,
        List<String> pending,
        List<Notice> notices,
        boolean settled,
        Duration nextLook) {

    public ConcernReport {
        pending = List.copyOf(pending);
        notices = List.copyOf(notices);
    }
}

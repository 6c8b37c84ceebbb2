package dev.headroom.operator.capacity;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What one pod's metrics page said: counters since its process began, and gauges of this moment. What the page did not
 * say, or said as NaN, is empty.
 *
 * @param pod its UID, so that a pod of the same name is another one
 * @param at when the answer came, by the operator's monotonic clock
 * @param startedAt when the process began, by the same clock
 * @param requests durations by route; without the requests that ended with 503
 * @param statements durations by statement, without the wait for a connection
 * @param waits durations of waits for a connection
 * @param holds durations for which connections were held
 * @param cpuSeconds processor time of the process
 * @param shed requests turned away
 * @param unavailable requests that ended with 503; most pods count those that were turned away here too
 * @param failed requests that ended with 500 to 599, those with 503 included
 * @param inFlight requests that are there now
 * @param unreadable names of routes, statements and other histograms whose buckets made no sense on this page
 */
public record PodScrape(
        String pod,
        Instant at,
        Instant startedAt,
        Map<String, LatencyHistogram> requests,
        Map<String, LatencyHistogram> statements,
        Optional<LatencyHistogram> waits,
        Optional<LatencyHistogram> holds,
        OptionalDouble cpuSeconds,
        OptionalDouble shed,
        OptionalDouble unavailable,
        OptionalDouble failed,
        OptionalInt inFlight,
        Set<String> unreadable) {

    /** Name of {@link #waits} among the unreadable; that of a route or a statement is its label. */
    public static final String WAITS = "waits";

    /** Name of {@link #holds} among the unreadable. */
    public static final String HOLDS = "holds";

    public PodScrape {
        requests = Map.copyOf(requests);
        statements = Map.copyOf(statements);
        unreadable = Set.copyOf(unreadable);
    }

    /** Whether the process is the one that told the earlier page of this pod. */
    boolean isOfProcess(PodScrape earlier) {
        return !startedAt.isAfter(earlier.at);
    }

    /** Whether no histogram is missing that an earlier page of the process has. */
    boolean hasSeriesOf(PodScrape earlier) {
        return requests.keySet().containsAll(earlier.requests.keySet())
                && statements.keySet().containsAll(earlier.statements.keySet())
                && (waits.isPresent() || earlier.waits.isEmpty())
                && (holds.isPresent() || earlier.holds.isEmpty());
    }

    /** With the last known value of each histogram that is missing. */
    PodScrape withSeriesOf(PodScrape earlier) {
        if (hasSeriesOf(earlier)) {
            return this;
        }
        return new PodScrape(
                pod,
                at,
                startedAt,
                both(earlier.requests, requests),
                both(earlier.statements, statements),
                waits.or(earlier::waits),
                holds.or(earlier::holds),
                cpuSeconds,
                shed,
                unavailable,
                failed,
                inFlight,
                unreadable);
    }

    private static Map<String, LatencyHistogram> both(
            Map<String, LatencyHistogram> earlier, Map<String, LatencyHistogram> later) {
        Map<String, LatencyHistogram> both = new HashMap<>(earlier);
        both.putAll(later);
        return both;
    }
}

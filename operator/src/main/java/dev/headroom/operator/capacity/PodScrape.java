package dev.headroom.operator.capacity;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

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
        OptionalInt inFlight) {

    public PodScrape {
        requests = Map.copyOf(requests);
        statements = Map.copyOf(statements);
    }
}

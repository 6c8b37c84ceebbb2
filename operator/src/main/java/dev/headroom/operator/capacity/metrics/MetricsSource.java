package dev.headroom.operator.capacity.metrics;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Where the metrics of a target's pods come from. */
public interface MetricsSource {

    /** Asks about these pods, and waits no longer than a few seconds; what did not come is a failure. */
    Answers ask(List<PodAddress> pods) throws InterruptedException;

    /** The queries by which it asks, where a person could ask them too. */
    default List<String> queries() {
        return List.of();
    }

    /**
     * A pod to be asked about.
     *
     * @param ip none yet while it starts
     */
    record PodAddress(String uid, String name, String ip) {}

    /**
     * What came.
     *
     * @param pages by the uid of the pod
     * @param failures why there is none, by the name of the pod
     * @param at when the last answer came
     */
    record Answers(Map<String, MetricsPage> pages, Map<String, String> failures, Instant at) {

        public Answers {
            pages = Map.copyOf(pages);
            failures = Map.copyOf(failures);
        }
    }
}

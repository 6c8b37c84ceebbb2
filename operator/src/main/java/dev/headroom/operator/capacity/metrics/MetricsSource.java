package dev.headroom.operator.capacity.metrics;

import java.util.List;
import java.util.Map;

/** Where the metrics of a target's pods come from. */
public interface MetricsSource {

    /** Reads the pages of these pods, and waits no longer than a few seconds; what did not come is a failure. */
    Answers scrape(List<PodAddress> pods) throws InterruptedException;

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
     * Pages by pod, and failures.
     *
     * @param pages by the uid of the pod
     * @param failures why there is none, by the name of the pod
     */
    record Answers(Map<String, MetricsPage> pages, Map<String, String> failures) {

        public Answers {
            pages = Map.copyOf(pages);
            failures = Map.copyOf(failures);
        }
    }
}

package dev.headroom.service.http;

import dev.headroom.service.logging.LineBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The same fault on the same route, said once in ten seconds: an outage is worth a line, not a line for each request. */
final class RepeatedFaults implements AutoCloseable {
    private final Unsaid unsaid;
    private final Map<String, LineBudget> budgets = new ConcurrentHashMap<>();

    /** Is told how many more there were, when the ten seconds are over. */
    interface Unsaid {
        void more(long requests, String route, String fault);
    }

    RepeatedFaults(Unsaid unsaid) {
        this.unsaid = unsaid;
    }

    /**
     * Whether it is to be said now.
     *
     * @param name of the fault, for those who read the log
     */
    boolean turn(String route, Class<?> fault, String name) {
        return budgets.computeIfAbsent(
                        fault.getName() + ' ' + route,
                        first -> new LineBudget(1, requests -> unsaid.more(requests, route, name)))
                .spend();
    }

    @Override
    public void close() {
        budgets.values().forEach(LineBudget::close);
    }
}

package dev.headroom.operator.capacity;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where the time of the requests of a window went: waiting for a connection, in statements, and the rest, which is the
 * pod's own. Means per request in seconds. A wait for the pod's core that falls into a statement counts as the
 * statement's, so with busy processors this says too much about the database.
 */
record TimeShares(
        OptionalDouble request, OptionalDouble poolWait, OptionalDouble statement, Optional<String> slowestStatement) {

    static TimeShares of(ScrapeWindow window) {
        if (window.requests().isEmpty() || window.requests().get().count() <= 0) {
            return new TimeShares(
                    OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());
        }
        double requests = window.requests().get().count();
        double statements = window.statements().values().stream()
                .mapToDouble(LatencyHistogram::sum)
                .sum();
        return new TimeShares(
                OptionalDouble.of(window.requests().get().sum() / requests),
                window.waits().isPresent()
                        ? OptionalDouble.of(window.waits().get().sum() / requests)
                        : OptionalDouble.empty(),
                window.statements().isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(statements / requests),
                window.statements().entrySet().stream()
                        .max(Comparator.comparingDouble((Map.Entry<String, LatencyHistogram> each) ->
                                each.getValue().sum()))
                        .map(Map.Entry::getKey));
    }

    OptionalDouble own() {
        return request.isPresent() && statement.isPresent()
                ? OptionalDouble.of(Math.max(request.getAsDouble() - statement.getAsDouble() - poolWait.orElse(0), 0))
                : OptionalDouble.empty();
    }

    /** The part of a request that is the database's or spent waiting for it, 0 to 1; 0 when unknown. */
    double inDatabase() {
        double total = request.orElse(0);
        return total <= 0 ? 0 : Math.min((statement.orElse(0) + poolWait.orElse(0)) / total, 1);
    }
}

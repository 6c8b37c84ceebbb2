package dev.headroom.operator.capacity;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the pods did between two scrapes, added up. Rates are per second of each pod's own interval, because pods are not
 * scraped at the same moment and may miss a scrape. What no pod told is empty, not zero. Pods that told nothing are taken
 * to do as much as the average of the others, and {@code coverage} says how far the rates are such a guess.
 *
 * @param longestInterval of a pod, in seconds
 * @param coverage serving pods whose arrivals are known ÷ serving pods, 0 to 1
 * @param requests durations of the requests that ended
 * @param waits durations of the waits for a connection
 * @param statements durations by statement
 * @param taken connections per second that were taken from the pools
 * @param hold mean seconds for which one was held; where the pods tell only waits and statements, the statements' part of it
 * @param arrivals requests per second that came: those that ended, failed, were shed, or are more in flight than before
 * @param completed requests per second that ended with an answer of the application
 * @param shed requests per second that were turned away
 * @param failed requests per second that ended with a status of 500 to 599 and were not turned away
 * @param cpu processor seconds per second, of all pods
 * @param inFlight requests in the pods at the end
 */
public record ScrapeWindow(
        double longestInterval,
        double coverage,
        Optional<LatencyHistogram> requests,
        Optional<LatencyHistogram> waits,
        Map<String, LatencyHistogram> statements,
        OptionalDouble taken,
        OptionalDouble hold,
        OptionalDouble arrivals,
        OptionalDouble completed,
        OptionalDouble shed,
        OptionalDouble failed,
        OptionalDouble cpu,
        OptionalDouble inFlight) {

    /**
     * Adds up what the pods did since their last known scrape.
     *
     * @param earlier the last known scrape of each pod before this round, by pod
     * @param later the answers of this round
     * @param servingPods pods that serve now, whether they answered or not
     */
    public static ScrapeWindow between(Map<String, PodScrape> earlier, List<PodScrape> later, int servingPods) {
        Sums sums = new Sums(later.stream().anyMatch(pod -> !pod.requests().isEmpty()));
        for (PodScrape now : later) {
            PodScrape before = before(now, earlier);
            if (before != null && now.at().isAfter(before.at())) {
                sums.add(before, now);
            }
        }
        return sums.window(servingPods);
    }

    public Optional<LatencyHistogram> allStatements() {
        return LatencyHistogram.total(List.copyOf(statements.values()));
    }

    /**
     * Whether most requests fail, as while the database is away. Then the processor time of a request and the use of connections say
     * nothing about the load.
     */
    public boolean isFailing() {
        return failed.orElse(0) > arrivals.orElse(0) / 2;
    }

    /** A process that began after the last round had counted nothing then. An older pod that is seen for the first time has no beginning and is left out. */
    private static @Nullable PodScrape before(PodScrape now, Map<String, PodScrape> earlier) {
        PodScrape same = earlier.get(now.pod());
        if (same != null && now.isOfProcess(same)) {
            return same;
        }
        boolean begunSince =
                earlier.values().stream().anyMatch(other -> !other.at().isAfter(now.startedAt()));
        return begunSince ? asStarted(now) : null;
    }

    private static PodScrape asStarted(PodScrape now) {
        OptionalDouble zero = OptionalDouble.of(0);
        return new PodScrape(
                now.pod(),
                now.startedAt(),
                now.startedAt(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(), // the processor time of the start was not spent on requests
                zero,
                zero,
                zero,
                OptionalInt.of(0),
                Set.of());
    }

    private static final double IDLE_CORES = 0.1;

    /** Running totals; a value that one page lacks is unknown for that pod and guessed from the others. */
    private static final class Sums {
        private final boolean isNamed;
        private int pods;
        private double longest;
        private final Map<String, LatencyHistogram> statements = new HashMap<>();
        private @Nullable LatencyHistogram requests;
        private @Nullable LatencyHistogram waits;
        private final Rate taken = new Rate();
        private double holds;
        private double heldSeconds;
        private final Rate arrivals = new Rate();
        private final Rate completed = new Rate();
        private final Rate shed = new Rate();
        private final Rate failed = new Rate();
        private final Rate cpu = new Rate();
        private final Rate inFlight = new Rate();

        /** @param isNamed some pod has a series of requests, so their name is right */
        Sums(boolean isNamed) {
            this.isNamed = isNamed;
        }

        void add(PodScrape before, PodScrape now) {
            double seconds = Duration.between(before.at(), now.at()).toNanos() / 1e9;
            pods++;
            longest = Math.max(longest, seconds);
            double ended = 0;
            for (var route : now.requests().entrySet()) {
                LatencyHistogram added = added(
                        route.getValue(), before.requests().get(route.getKey()), isUnknown(before, route.getKey()));
                ended += added.count();
                requests = plus(requests, added);
            }
            addConnections(before, now, seconds);
            OptionalDouble turnedAway = difference(before.shed(), now.shed());
            OptionalDouble used = difference(before.cpuSeconds(), now.cpuSeconds());
            double unavailable =
                    difference(before.unavailable(), now.unavailable()).orElse(0);
            double refused = Math.min(unavailable, turnedAway.orElse(0));
            OptionalDouble faults = difference(before.failed(), now.failed());
            if (!now.requests().isEmpty()
                    || now.failed().orElse(0) > 0
                    || isIdle(before, now, used.orElse(seconds) / seconds)) {
                completed.add(ended / seconds);
                double more = now.inFlight().isPresent() && before.inFlight().isPresent()
                        ? now.inFlight().getAsInt() - before.inFlight().getAsInt()
                        : 0;
                double withoutAnswer = unavailable + turnedAway.orElse(0) - refused;
                arrivals.add(Math.max(ended + withoutAnswer + more, 0) / seconds);
                faults.ifPresent(count -> failed.add(Math.max(count - refused, 0) / seconds));
            }
            turnedAway.ifPresent(count -> shed.add(count / seconds));
            used.ifPresent(all -> cpu.add(all / seconds));
            now.inFlight().ifPresent(inFlight::add);
        }

        private void addConnections(PodScrape before, PodScrape now, double seconds) {
            double ran = 0;
            double ranSeconds = 0;
            for (var statement : now.statements().entrySet()) {
                LatencyHistogram added = added(
                        statement.getValue(),
                        before.statements().get(statement.getKey()),
                        isUnknown(before, statement.getKey()));
                ran += added.count();
                ranSeconds += added.sum();
                statements.merge(statement.getKey(), added, LatencyHistogram::plus);
            }
            double count = ran;
            if (now.waits().isPresent()) {
                LatencyHistogram added =
                        added(now.waits().get(), before.waits().orElse(null), isUnknown(before, PodScrape.WAITS));
                waits = plus(waits, added);
                count = added.count();
            }
            if (now.holds().isPresent()) {
                LatencyHistogram added =
                        added(now.holds().get(), before.holds().orElse(null), isUnknown(before, PodScrape.HOLDS));
                taken.add(added.count() / seconds);
                holds += added.count();
                heldSeconds += added.sum();
                return;
            }
            if (now.waits().isPresent() || !now.statements().isEmpty()) {
                taken.add(count / seconds);
            }
            if (ran > 0) {
                holds += count;
                heldSeconds += ranSeconds;
            }
        }

        /**
         * Whether a pod without a series of requests had none: many libraries tell a series only after its first request. A wrong name looks
         * the same, so nothing may be in flight and the processor has to be at rest. Where nothing tells what is in flight, another
         * pod has to show that the name is right.
         */
        private boolean isIdle(PodScrape before, PodScrape now, double cores) {
            int unknown = isNamed ? 0 : 1;
            return before.requests().isEmpty()
                    && before.inFlight().orElse(unknown) == 0
                    && now.inFlight().orElse(unknown) == 0
                    && cores < IDLE_CORES;
        }

        ScrapeWindow window(int servingPods) {
            int serving = Math.max(servingPods, pods);
            return new ScrapeWindow(
                    longest,
                    serving == 0 ? 0 : arrivals.pods / (double) serving,
                    Optional.ofNullable(requests),
                    Optional.ofNullable(waits),
                    Map.copyOf(statements),
                    taken.ofAll(serving),
                    holds > 0 ? OptionalDouble.of(heldSeconds / holds) : OptionalDouble.empty(),
                    arrivals.ofAll(serving),
                    completed.ofAll(serving),
                    shed.ofAll(serving),
                    failed.ofAll(serving),
                    cpu.ofAll(serving),
                    inFlight.ofAll(serving));
        }

        /** A series that was there and could not be read has a value that nobody knows, not 0. */
        private static boolean isUnknown(PodScrape before, String series) {
            return before.unreadable().contains(series);
        }

        private static LatencyHistogram added(
                LatencyHistogram now, @Nullable LatencyHistogram before, boolean isUnknown) {
            return before == null && !isUnknown ? now : now.since(before == null ? now : before);
        }

        private static LatencyHistogram plus(@Nullable LatencyHistogram total, LatencyHistogram more) {
            return total == null ? more : total.plus(more);
        }

        /** Increase of a counter between two scrapes. A counter that fell was reset, and its whole value is the increase. */
        private static OptionalDouble difference(OptionalDouble before, OptionalDouble now) {
            if (before.isEmpty() || now.isEmpty() || Double.isNaN(now.getAsDouble())) {
                return OptionalDouble.empty();
            }
            double difference = now.getAsDouble() - before.getAsDouble();
            return OptionalDouble.of(difference >= 0 ? difference : now.getAsDouble());
        }
    }

    /** A rate per pod that some pods told. */
    private static final class Rate {
        private int pods;
        private double sum;

        void add(double rate) {
            pods++;
            sum += rate;
        }

        OptionalDouble ofAll(int serving) {
            return pods == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum * Math.max(serving, pods) / pods);
        }
    }
}

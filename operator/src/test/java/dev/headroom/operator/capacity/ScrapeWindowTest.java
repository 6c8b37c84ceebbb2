package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScrapeWindowTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private static LatencyHistogram histogram(double... boundsAndCounts) {
        double[] bounds = new double[boundsAndCounts.length / 2];
        double[] counts = new double[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = boundsAndCounts[2 * i];
            counts[i] = boundsAndCounts[2 * i + 1];
        }
        return LatencyHistogram.of(bounds, counts, counts[counts.length - 1] * 0.1)
                .orElseThrow();
    }

    private static PodScrape scrape(String pod, int at, int startedAt, double requests, int inFlight) {
        return new PodScrape(
                pod,
                Instant.ofEpochSecond(at),
                Instant.ofEpochSecond(startedAt),
                Map.of("/tasks", histogram(0.1, requests * 0.9, 0.2, requests, INF, requests)),
                Map.of("tasks", histogram(0.1, requests, INF, requests)),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.of(requests * 0.008),
                OptionalDouble.of(0),
                OptionalDouble.of(0),
                OptionalDouble.of(0),
                OptionalInt.of(inFlight),
                Set.of());
    }

    @Test
    void ratesAddUpOverPodsOfDifferentIntervals() {
        ScrapeWindow window = ScrapeWindow.between(
                Map.of("a", scrape("a", 0, -100, 1000, 0), "b", scrape("b", 5, -100, 1000, 0)),
                List.of(scrape("a", 10, -100, 1500, 0), scrape("b", 10, -100, 1100, 0)),
                2);

        assertThat(window.arrivals().orElseThrow()).isCloseTo(70, within(0.01));
        assertThat(window.cpu().orElseThrow()).isCloseTo(0.56, within(0.001));
        assertThat(window.requests().orElseThrow().count()).isEqualTo(600);
        assertThat(window.coverage()).isEqualTo(1);
    }

    /** The pod that misses scrapes for a minute must not make the use of all look smaller. */
    @Test
    void connectionsAreCountedOverEachPodsOwnInterval() {
        ScrapeWindow window = ScrapeWindow.between(
                Map.of("a", scrape("a", 50, -100, 1000, 0), "b", scrape("b", 0, -100, 1000, 0)),
                List.of(scrape("a", 60, -100, 1500, 0), scrape("b", 60, -100, 4000, 0)),
                4);

        assertThat(window.taken().orElseThrow())
                .as("50/s each, and two more pods are taken to do the same")
                .isCloseTo(200, within(0.01));
    }

    @Test
    void aHoldIsItsHistogramOrElseItsStatements() {
        assertThat(held(10, 30, 5).hold()).as("three statements a connection").hasValue(0.3);
        assertThat(held(10, 30, 5).taken()).hasValue(1);
        assertThat(held(-1, 30, 15).hold()).as("each wait is a connection").hasValue(0.2);
        assertThat(held(-1, 30, 15).taken()).hasValue(1.5);
    }

    /** As with HikariCP without statements: zero would shrink the pools to nothing. */
    @Test
    void aHoldOfPodsThatTellOnlyWaitsIsUnknown() {
        assertThat(held(-1, 0, 15).taken()).hasValue(1.5);
        assertThat(held(-1, 0, 15).hold()).isEmpty();
    }

    /** Ten seconds with holds of 0.3 s, statements of 0.1 s, and waits; without holds where the number is negative. */
    private static ScrapeWindow held(int holds, int statements, int waits) {
        PodScrape before = using(0, holds < 0 ? -1 : 0, 0, 0);
        return ScrapeWindow.between(Map.of("a", before), List.of(using(10, holds, statements, waits)), 1);
    }

    private static PodScrape using(int at, int holds, int statements, int waits) {
        return new PodScrape(
                "a",
                Instant.ofEpochSecond(at),
                Instant.ofEpochSecond(-100),
                Map.of(),
                statements == 0 ? Map.of() : Map.of("tasks", histogram(INF, statements)),
                Optional.of(histogram(INF, waits)),
                holds < 0
                        ? Optional.empty()
                        : LatencyHistogram.of(new double[] {INF}, new double[] {holds}, 0.3 * holds),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Set.of());
    }

    /** A database that is away must not look like no load. */
    @Test
    void requestsThatFailHaveArrivedToo() {
        ScrapeWindow window =
                ScrapeWindow.between(Map.of("a", failing(0, 0, 0, 0)), List.of(failing(10, 200, 900, 1000)), 1);

        assertThat(window.arrivals())
                .as("900 with 503, 200 of them shed; no other request was answered")
                .hasValue(90);
        assertThat(window.completed()).hasValue(0);
        assertThat(window.failed()).as("with 500 or 503, and not shed").hasValue(80);
        assertThat(window.isFailing()).isTrue();
    }

    @Test
    void requestsThatOnlyShedCountsAreNotFailures() {
        ScrapeWindow window =
                ScrapeWindow.between(Map.of("a", failing(0, 0, 0, 0)), List.of(failing(10, 500, 500, 500)), 1);

        assertThat(window.arrivals()).hasValue(50);
        assertThat(window.failed()).hasValue(0);
        assertThat(window.isFailing()).isFalse();
    }

    private static PodScrape failing(int at, double shed, double unavailable, double failed) {
        return new PodScrape(
                "a",
                Instant.ofEpochSecond(at),
                Instant.ofEpochSecond(-100),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.of(at),
                OptionalDouble.of(shed),
                OptionalDouble.of(unavailable),
                OptionalDouble.of(failed),
                OptionalInt.of(0),
                Set.of());
    }

    @Test
    void aPodAtRestWithoutAnySeriesOfRequestsHadNone() {
        ScrapeWindow window = ScrapeWindow.between(Map.of("a", unnamed(0, 0, 0)), List.of(unnamed(10, 0, 0.2)), 1);

        assertThat(window.arrivals()).hasValue(0);
    }

    @Test
    void aBusyPodWithoutAnySeriesOfRequestsIsUnknown() {
        assertThat(ScrapeWindow.between(Map.of("a", unnamed(0, 0, 0)), List.of(unnamed(10, 0, 4)), 1)
                        .arrivals())
                .as("its processor works")
                .isEmpty();
        assertThat(ScrapeWindow.between(Map.of("a", unnamed(0, 0, 0)), List.of(unnamed(10, 3, 0.2)), 1)
                        .arrivals())
                .as("requests are in flight")
                .isEmpty();
    }

    /** Arrivals of one pod must not be taken for those of the nine that had none: each pod more would seem to bring load. */
    @Test
    void podsThatHadNoRequestYetAreNotGuessedFromThoseThatHad() {
        PodScrape before = scrape("busy", 0, -100, 0, 0);
        PodScrape now = scrape("busy", 10, -100, 1000, 0);

        ScrapeWindow atRest = ScrapeWindow.between(
                Map.of("busy", before, "a", withoutGauge(0, 0)), List.of(now, withoutGauge(10, 0.2)), 2);
        ScrapeWindow working = ScrapeWindow.between(
                Map.of("busy", before, "a", withoutGauge(0, 0)), List.of(now, withoutGauge(10, 5)), 2);

        assertThat(atRest.arrivals().orElseThrow()).isCloseTo(100, within(0.01));
        assertThat(atRest.coverage()).isEqualTo(1);
        assertThat(working.coverage()).as("it does something that is not known").isEqualTo(0.5);
    }

    @Test
    void aPodAtRestWithoutAnySeriesOfItsRequestsIsUnknown() {
        ScrapeWindow window = ScrapeWindow.between(Map.of("a", withoutGauge(0, 0)), List.of(withoutGauge(10, 0.2)), 1);

        assertThat(window.arrivals()).as("the names may be wrong").isEmpty();
        assertThat(window.coverage()).isZero();
    }

    private static PodScrape withoutGauge(int at, double cpu) {
        PodScrape gauged = unnamed(at, 0, cpu);
        return new PodScrape(
                gauged.pod(),
                gauged.at(),
                gauged.startedAt(),
                gauged.requests(),
                gauged.statements(),
                gauged.waits(),
                gauged.holds(),
                gauged.cpuSeconds(),
                gauged.shed(),
                gauged.unavailable(),
                gauged.failed(),
                OptionalInt.empty(),
                gauged.unreadable());
    }

    /** A page whose requests are called otherwise, or had none yet. */
    private static PodScrape unnamed(int at, int inFlight, double cpu) {
        return new PodScrape(
                "a",
                Instant.ofEpochSecond(at),
                Instant.ofEpochSecond(-100),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.of(cpu),
                OptionalDouble.of(0),
                OptionalDouble.of(0),
                OptionalDouble.of(0),
                OptionalInt.of(inFlight),
                Set.of());
    }

    @Test
    void requestsStillInFlightHaveArrived() {
        ScrapeWindow window = ScrapeWindow.between(
                Map.of("a", scrape("a", 0, -100, 1000, 10)), List.of(scrape("a", 10, -100, 1500, 110)), 1);

        assertThat(window.arrivals().orElseThrow()).isCloseTo(60, within(0.01));
    }

    @Test
    void restartedProcessCountsFromItsStart() {
        ScrapeWindow window = ScrapeWindow.between(
                Map.of("a", scrape("a", 0, -100, 1000, 0)), List.of(scrape("a", 10, 5, 1200, 0)), 1);

        assertThat(window.arrivals().orElseThrow()).isCloseTo(240, within(0.01));
    }

    @Test
    void processorTimeOfAStartIsNoCostOfRequests() {
        PodScrape started = scrape("new", 10, 5, 100, 0);

        ScrapeWindow window = ScrapeWindow.between(
                Map.of("a", scrape("a", 0, -100, 1000, 0)), List.of(scrape("a", 10, -100, 1100, 0), started), 2);

        assertThat(window.cpu().orElseThrow()).as("as much as the other").isCloseTo(2 * 0.08, within(0.001));
        assertThat(window.completed().orElseThrow()).isCloseTo(30, within(0.01));
    }

    @Test
    void podsThatComeCountAndStrangersDoNot() {
        ScrapeWindow window = ScrapeWindow.between(
                Map.of("a", scrape("a", 0, -100, 1000, 0)),
                List.of(scrape("a", 10, -100, 1100, 0), scrape("new", 10, 5, 100, 0), scrape("old", 10, -50, 9000, 0)),
                3);

        assertThat(window.requests().orElseThrow().count()).isEqualTo(200);
        assertThat(window.coverage()).isCloseTo(2 / 3.0, within(0.001));
        assertThat(window.arrivals().orElseThrow()).isCloseTo((10 + 20) * 3 / 2.0, within(0.01));
    }

    @Test
    void nothingToldIsUnknownAndNotZero() {
        ScrapeWindow window = ScrapeWindow.between(Map.of("a", scrape("a", 0, -100, 1000, 0)), List.of(), 1);

        assertThat(window.arrivals()).isEmpty();
        assertThat(window.requests()).isEmpty();
        assertThat(window.coverage()).isZero();
    }

    @Test
    void twoHundredPodsOfSixtyRoutesTakeMilliseconds() {
        List<PodScrape> before = IntStream.range(0, 200)
                .mapToObj(pod -> wide("p" + pod, 0, 1000))
                .toList();
        List<PodScrape> after = IntStream.range(0, 200)
                .mapToObj(pod -> wide("p" + pod, 5, 1300))
                .toList();
        Map<String, PodScrape> earlier = before.stream().collect(Collectors.toMap(PodScrape::pod, each -> each));
        long best = Long.MAX_VALUE;

        for (int round = 0; round < 20; round++) {
            long began = System.nanoTime();
            assertThat(ScrapeWindow.between(earlier, after, 200).coverage()).isEqualTo(1);
            best = Math.min(best, System.nanoTime() - began);
        }

        assertThat(best / 1e6).isLessThan(50);
    }

    private static PodScrape wide(String pod, int at, double requests) {
        PodScrape one = scrape(pod, at, -100, requests, 0);
        double[] bounds = new double[24];
        double[] counts = new double[24];
        for (int i = 0; i < 24; i++) {
            bounds[i] = i == 23 ? INF : 0.001 * (1 << i % 23);
            counts[i] = requests * (i + 1) / 24;
        }
        LatencyHistogram histogram =
                LatencyHistogram.of(bounds, counts, requests).orElseThrow();
        Map<String, LatencyHistogram> routes =
                IntStream.range(0, 60).boxed().collect(Collectors.toMap(route -> "/r" + route, route -> histogram));
        return new PodScrape(
                pod,
                one.at(),
                one.startedAt(),
                routes,
                routes,
                one.waits(),
                one.holds(),
                one.cpuSeconds(),
                one.shed(),
                one.unavailable(),
                one.failed(),
                one.inFlight(),
                Set.of());
    }

    @Test
    void percentileIsInterpolatedWithinItsBucket() {
        LatencyHistogram histogram = histogram(0.1, 90, 0.2, 100, INF, 100);

        assertThat(histogram.percentile(95).orElseThrow()).isCloseTo(0.15, within(1e-9));
        assertThat(histogram(0.1, 0, INF, 0).percentile(95)).isEmpty();
        assertThat(histogram(0.1, 1, INF, 100).percentile(95)).hasValue(0.1);
    }

    /** Nobody can tell whether a minute was exceeded, so it counts as missed rather than as met for ever. */
    @Test
    void percentileInTheLastBucketExceedsALimitThatIsThere() {
        LatencyHistogram histogram = histogram(0.1, 50, 10, 90, INF, 100);

        assertThat(histogram.percentile(95, 60)).hasValue(INF);
        assertThat(histogram.percentile(95, 5)).hasValue(10);
        assertThat(histogram.percentile(90, 60)).hasValue(10);
        assertThat(histogram(0.1, 0, INF, 0).percentile(95, 60)).isEmpty();
        assertThat(histogram(INF, 5).percentile(95, 60)).isEmpty();
    }

    @Test
    void otherLayoutsMeetOnCommonBounds() {
        LatencyHistogram total = histogram(0.05, 10, 0.1, 20, INF, 30).plus(histogram(0.1, 5, 0.5, 8, INF, 10));

        assertThat(total.count()).isEqualTo(40);
        assertThat(total.percentile(50).orElseThrow()).isCloseTo(0.08, within(1e-9));
    }

    @Test
    void counterThatFellBeganAnew() {
        assertThat(histogram(0.1, 5, INF, 8).since(histogram(0.1, 50, INF, 80)).count())
                .isEqualTo(8);
    }

    @Test
    void pagesThatAreNoHistogramAreNoAnswer() {
        assertThat(LatencyHistogram.of(Map.of(0.1, 5.0), 1)).isEmpty();
        assertThat(LatencyHistogram.of(Map.of(0.1, 5.0, INF, Double.NaN), 1)).isEmpty();
        assertThat(LatencyHistogram.of(Map.of(0.1, 5.0, INF, 4.0), 1)).isEmpty();
        assertThat(LatencyHistogram.of(Map.of(0.1, 5.0, INF, 6.0), Double.NaN)).isEmpty();
    }
}

package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.Budget.Limit;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.ServerConnections;
import dev.headroom.operator.capacity.control.ScrapeRound.ServerAnswer;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Windows over a source whose samples change less often than it is asked, such as a Prometheus server. */
class MeasurementsTest {

    private static final Instant T = Instant.parse("2026-11-30T10:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Measurements measured = new Measurements();

    @Test
    void samplesThatDidNotChangeGiveNoNewWindow() throws Exception {
        windowAt(0, 0, 100);

        assertThat(windowAt(5, 0, 100)).isEmpty();
        assertThat(windowAt(10, 0, 100)).isEmpty();
        assertThat(windowAt(15, 15, 400)).hasValueSatisfying(window -> {
            assertThat(window.longestInterval()).isEqualTo(15);
            assertThat(window.completed()).hasValue(20);
        });
    }

    @Test
    void aWindowWaitsForNewsOfMostPods() throws Exception {
        three(0, 0, 0, 0);

        assertThat(three(5, 3, 0, 0)).as("one of three is new").isEmpty();
        assertThat(three(10, 3, 8, 0)).as("two are, each over its own time").hasValueSatisfying(window -> {
            assertThat(window.coverage()).isGreaterThan(0.6);
            assertThat(window.completed()).hasValue(30);
        });
    }

    /** Pods that answer ten requests a second, as they were at these seconds. */
    private Optional<ScrapeWindow> three(int seconds, int... sampledAt) throws Exception {
        Map<String, MetricsPage> pages = new HashMap<>();
        for (int i = 0; i < sampledAt.length; i++) {
            pages.put("uid-" + i, page("uid-" + i, sampledAt[i], 10 * sampledAt[i]));
        }
        Target three = target("uid-0", "uid-1", "uid-2");
        measured.add(new Answers(pages, Map.of()), three, T.plusSeconds(seconds));
        return measured.nextWindow(INTERVAL, three, T.plusSeconds(seconds), OptionalInt.empty(), false);
    }

    @Test
    void oneSilentPodDoesNotHoldTheFirstSizeForEver() throws Exception {
        Target three = target("uid-0", "uid-1", "uid-2");
        for (int round = 0; round < 4; round++) {
            assertThat(measured.isDemandPending(three)).isTrue();
            three(5 * round, 5 * round, 5 * round);
        }

        assertThat(measured.isDemandPending(three)).isFalse();
    }

    @Test
    void withoutAnyAnswerThereIsNoFirstSize() throws Exception {
        for (int round = 0; round < 9; round++) {
            measured.add(new Answers(Map.of(), Map.of("uid-0", "refused")), target(), T.plusSeconds(5L * round));
        }

        assertThat(measured.isDemandPending(target())).isTrue();
    }

    @Test
    void samplesThatStayTheSameForTwoMinutesAreUnknown() throws Exception {
        windowAt(0, 0, 100);
        windowAt(5, 5, 150);

        assertThat(windowAt(120, 5, 150)).isEmpty();
        assertThat(windowAt(125, 5, 150)).hasValueSatisfying(window -> {
            assertThat(window.coverage()).isZero();
            assertThat(window.completed()).isEmpty();
        });
    }

    @Test
    void aWindowIsNoShorterThanTheInterval() throws Exception {
        windowAt(0, 0, 100);

        assertThat(windowAt(1, 1, 110)).isEmpty();
        assertThat(windowAt(4, 4, 140)).isEmpty();
        assertThat(windowAt(5, 5, 150))
                .hasValueSatisfying(window -> assertThat(window.completed()).hasValue(10));
    }

    @Test
    void aServerThatDoesNotAnswerEndsTheWindowWithNothing() throws Exception {
        windowAt(0, 0, 100);

        measured.add(new Answers(Map.of(), Map.of("prometheus", "http://p: status 404")), target(), T.plusSeconds(5));

        assertThat(measured.nextWindow(INTERVAL, target(), T.plusSeconds(5), OptionalInt.empty(), false))
                .hasValueSatisfying(window -> assertThat(window.coverage()).isZero());
        assertThat(measured.failure()).contains("prometheus: http://p: status 404");
        assertThat(measured.silence()).as("the first time").isZero();
    }

    @Test
    void silenceLastsFromTheFirstRoundWithoutAnAnswerToTheNextAnswer() throws Exception {
        Answers none = new Answers(Map.of(), Map.of("uid-a", "refused"));
        measured.add(none, target(), T);
        measured.add(none, target(), T.plusSeconds(40));
        assertThat(measured.silence()).isEqualTo(Duration.ofSeconds(40));

        windowAt(45, 45, 100);
        assertThat(measured.silence()).isZero();
    }

    private static final String A = "{route=\"/a\",le=\"+Inf\"}";

    /** Its next page would count as all that the process ever did. */
    @Test
    void aPageWithoutARouteThatItHadIsALostOne() throws Exception {
        routesAt(0, A + " 1000000", "{le=\"+Inf\"} 500");

        assertThat(routesAt(5, "{le=\"+Inf\"} 550"))
                .hasValueSatisfying(window -> assertThat(window.coverage()).isZero());
        assertThat(routesAt(10, A + " 1000100", "{le=\"+Inf\"} 600")).hasValueSatisfying(window -> {
            assertThat(window.longestInterval()).isEqualTo(10);
            assertThat(window.completed()).hasValue(20);
        });
    }

    @Test
    void aRouteWhoseBucketsFallWhileTheyAreReadIsNoNewOne() throws Exception {
        routesAt(0, "{route=\"/a\",le=\"1\"} 9", A + " 8", "{le=\"+Inf\"} 500");

        assertThat(routesAt(5, "{route=\"/a\",le=\"1\"} 9", A + " 1000000", "{le=\"+Inf\"} 550"))
                .hasValueSatisfying(window -> assertThat(window.completed()).hasValue(10));
        assertThat(routesAt(10, "{route=\"/a\",le=\"1\"} 9", A + " 1000050", "{le=\"+Inf\"} 600"))
                .hasValueSatisfying(window -> assertThat(window.completed()).hasValue(20));
    }

    @Test
    void aRouteThatStaysAwayHidesAPodForTwoMinutesOnly() throws Exception {
        routesAt(0, A + " 1000000", "{le=\"+Inf\"} 0");
        routesAt(120, "{le=\"+Inf\"} 1200");

        assertThat(routesAt(125, "{le=\"+Inf\"} 1250"))
                .hasValueSatisfying(window -> assertThat(window.completed()).hasValue(10));
        assertThat(routesAt(130, A + " 1000050", "{le=\"+Inf\"} 1300"))
                .hasValueSatisfying(window -> assertThat(window.completed()).hasValue(20));
    }

    /** The window of a pod whose routes have these buckets. */
    private Optional<ScrapeWindow> routesAt(int seconds, String... buckets) throws Exception {
        StringBuilder text = new StringBuilder("process_cpu_seconds_total " + seconds + "\n");
        for (String bucket : buckets) {
            text.append("http_server_request_duration_seconds_bucket")
                    .append(bucket)
                    .append('\n');
        }
        Instant now = T.plusSeconds(seconds);
        MetricsPage page = MetricsPage.of(text.toString(), Names.DEFAULT, "uid-a", now);
        measured.add(new Answers(Map.of("uid-a", page), Map.of()), target(), now);
        return measured.nextWindow(INTERVAL, target(), now, OptionalInt.empty(), false);
    }

    @Test
    void theFirstAnswerOfAServerIsNoPeakOfOthers() {
        int[] others = {50, 3, 8, 4};
        int[] budgets = new int[4];
        for (int i = 0; i < others.length; i++) {
            Limit limit = Limit.server(100, 0, 0, OptionalInt.of(others[i]));
            ServerConnections answer =
                    new ServerConnections("7", "shop", List.of(limit), Optional.empty(), 0, OptionalInt.empty(), 0);
            measured.add(new ServerAnswer(Optional.of(answer), Optional.empty()), T.plusSeconds(15L * i));
            budgets[i] = measured.budget(0).orElseThrow().connections();
        }

        assertThat(budgets).containsExactly(46, 93, 88, 88);
    }

    private Optional<ScrapeWindow> windowAt(int seconds, int sampledAt, int requests) throws Exception {
        Instant now = T.plusSeconds(seconds);
        measured.add(new Answers(Map.of("uid-a", page("uid-a", sampledAt, requests)), Map.of()), target(), now);
        return measured.nextWindow(INTERVAL, target(), now, OptionalInt.empty(), false);
    }

    private static MetricsPage page(String pod, int sampledAt, int requests) throws Exception {
        return MetricsPage.of("""
                http_server_request_duration_seconds_bucket{le="+Inf"} %1$d
                http_server_request_duration_seconds_sum %1$d
                """.formatted(requests), Names.DEFAULT, pod, T.plusSeconds(sampledAt));
    }

    private static Target target() {
        return target("uid-a");
    }

    private static Target target(String... uids) {
        return new Target(
                "uid",
                "1",
                uids.length,
                Target.RolloutLimits.NONE,
                false,
                OptionalDouble.empty(),
                Optional.empty(),
                Stream.of(uids)
                        .map(uid -> new Target.Pod(
                                uid, uid, List.of("10.0.0.1"), T, T, Optional.of(T), true, false, OptionalLong.empty()))
                        .toList());
    }
}

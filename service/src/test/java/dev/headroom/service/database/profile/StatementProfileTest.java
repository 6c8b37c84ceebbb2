package dev.headroom.service.database.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.settings.WatchSettings;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import dev.headroom.testkit.LoggedLines;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StatementProfileTest {

    private static final String LOG = "dev.headroom.service.statements";
    private static final WatchSettings STRICT =
            new WatchSettings(Duration.ofMillis(50), Duration.ofMillis(300), 2, 3, false);

    private final TestDatabase test = TestDatabase.open(settings -> settings.withWatch(STRICT));
    private final StatementProfile profile = new StatementProfile("request-7");

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aRequestKnowsHowManyStatementsItRanHowLongTheyTookAndHowOftenEach() {
        profile.call(() -> {
            run("a", "select pg_sleep(0.02)::text");
            run("b", "select 1");
            return run("a", "select 1");
        });

        assertThat(profile.queryCount()).isEqualTo(3);
        assertThat(Duration.ofNanos(profile.queryNanos())).isBetween(Duration.ofMillis(20), Duration.ofSeconds(5));
        assertThat(profile.waitNanos()).isPositive();
        assertThat(profile.counts()).containsExactly(java.util.Map.entry("a", 2), java.util.Map.entry("b", 1));
    }

    @Test
    void statementsOutsideARequestBelongToNoProfile() {
        run("a", "select 1");

        assertThat(profile.queryCount()).isZero();
        assertThat(StatementProfile.current()).isEmpty();
    }

    @Test
    void whatOthersWaitForIsNotCalledOffAlsoWhereTheClientHadLeftBefore() {
        profile.callOff();
        profile.share();
        assertThat(profile.isCalledOff()).isFalse();
        profile.callOff();
        assertThat(profile.isCalledOff()).isFalse();
        profile.call(() -> run("a", "select 1"));
    }

    @Test
    @Timeout(10)
    void whoIsToStopCallingOffDoes() throws InterruptedException {
        Thread calling = profile.cancellable(() -> {}, () -> {
            Thread started = Thread.ofVirtual().start(profile::callOff);
            assertThat(started.join(Duration.ofMillis(200))).isFalse();
            started.interrupt();
            assertThat(started.join(Duration.ofSeconds(5))).isTrue();
            return started;
        });
        assertThat(calling.isAlive()).isFalse();
    }

    @Test
    void aStatementThatARequestRepeatsIsReportedOnce() {
        profile.route("/topics/{id}");
        try (var log = LoggedLines.of(LOG)) {
            profile.call(() -> {
                for (int i = 0; i < 7; i++) {
                    run("per-row", "select 1");
                }
                return "";
            });
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "WARNING statement per-row ran 3 times in one request (route /topics/{id}, request request-7)")
                    .contains("profile.repeated-statements");
        }
    }

    @Test
    void aSlowStatementIsLoggedByNameAndRouteAsAWarningOrAnErrorWithoutItsValues() {
        profile.route("/tasks/");
        Param secret = new Param(SqlType.TEXT, "very-secret");
        try (var log = LoggedLines.of(LOG)) {
            profile.call(() -> {
                run("slow", "select pg_sleep(0.1)::text, ?", secret);
                return run("slower", "select pg_sleep(0.4)::text, ?", secret);
            });
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(0))
                    .startsWith("WARNING slow statement slow: 1")
                    .contains("route /tasks/, request request-7");
            assertThat(log.lines().get(1)).startsWith("SEVERE slow statement slower: 4");
            assertThat(log.lines()).noneMatch(line -> line.contains("very-secret") || line.contains("pg_sleep"));
        }
        assertThat(test.database().slowStatements().slowest(10))
                .extracting(SlowStatement::statement)
                .containsExactly("slower", "slow");
    }

    @Test
    void beyondTheBudgetSlowStatementsAreCountedAndTheErrorsHaveABudgetOfTheirOwn() {
        try (var log = LoggedLines.of(LOG)) {
            StatementWatch watch = new StatementWatch(STRICT, InstantSource.system());
            for (int i = 0; i < 5; i++) {
                watch.end(took(Duration.ofMillis(60)));
            }
            watch.end(took(Duration.ofSeconds(1)));
            assertThat(log.lines())
                    .extracting(line -> line.substring(0, line.indexOf(' ')))
                    .containsExactly("WARNING", "WARNING", "SEVERE");
            watch.close();
            assertThat(log.lines())
                    .last()
                    .asString()
                    .startsWith("WARNING 3 slow statements left out of the log in the last 10 s")
                    .contains("profile.slow-statement-lines");
            assertThat(watch.metrics().snapshot().operations().get("any").count())
                    .isEqualTo(6);
            assertThat(watch.slow().slowest(10)).hasSize(6);
        }
    }

    @Test
    void aSlowStatementOfNoRequestSaysWhatItBelongsTo() {
        WatchSettings all = new WatchSettings(Duration.ZERO, Duration.ofMinutes(1), 20, 20, false);
        try (var log = LoggedLines.of(LOG);
                StatementWatch watch = new StatementWatch(all, InstantSource.system())) {
            for (String work : List.of(StatementProfile.START, "prewarming")) {
                boolean _ = StatementProfile.inBackground(work, () -> {
                    watch.end(took(Duration.ofMillis(1)));
                    return true;
                });
            }
            watch.end(took(Duration.ofMillis(1)));

            assertThat(log.lines())
                    .as("those of a start are nobody's to make faster")
                    .satisfiesExactly(
                            line -> assertThat(line).endsWith("(prewarming)"),
                            line -> assertThat(line).endsWith("(background refresh)"));
        }
    }

    private static RunningStatement took(Duration time) {
        return new RunningStatement("any", List.of(), 0, System.nanoTime() - time.toNanos());
    }

    @Test
    void valuesAreLoggedOnlyBySetting() {
        WatchSettings open = new WatchSettings(Duration.ZERO, Duration.ofMinutes(1), 20, 3, true);
        try (var log = LoggedLines.of(LOG);
                Database talkative =
                        new Database(TestDatabase.settings(test.server()).withWatch(open))) {
            talkative.list(Query.of("told", "select ?::text", new Param(SqlType.TEXT, "seen")));
            assertThat(log.lines()).singleElement().asString().endsWith("(background refresh) with [seen]");
        }
    }

    @Test
    void theRingOfSlowStatementsForgetsTheOldestFirst() {
        SlowStatements ring = new SlowStatements(2);
        for (int millis : List.of(900, 10, 20)) {
            ring.add(new SlowStatement(
                    java.time.Instant.EPOCH, "s" + millis, Duration.ofMillis(millis), Duration.ZERO, "", ""));
        }
        assertThat(ring.slowest(5)).extracting(SlowStatement::statement).containsExactly("s20", "s10");
        assertThat(ring.slowest(1)).hasSize(1);
    }

    @Test
    void namesMadeOfDataDoNotGrowTheMetricsWithoutEnd() {
        StatementMetrics metrics = new StatementMetrics();
        for (int name = 0; name < 3 * StatementMetrics.MOST_NAMES; name++) {
            metrics.ran("s" + name, 1);
            metrics.failed("f" + name, "failed");
        }
        assertThat(metrics.snapshot().operations()).hasSizeLessThanOrEqualTo(StatementMetrics.MOST_NAMES + 1);
        assertThat(metrics.snapshot().operations().get(StatementMetrics.OTHERS).count())
                .isPositive();
        assertThat(metrics.snapshot().failures()).hasSizeLessThanOrEqualTo(StatementMetrics.MOST_NAMES + 1);
    }

    private String run(String name, String sql, Param... params) {
        return new String(test.database().list(Query.of(name, sql, params)), java.nio.charset.StandardCharsets.UTF_8);
    }
}

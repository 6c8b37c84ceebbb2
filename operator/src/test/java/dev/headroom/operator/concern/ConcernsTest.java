package dev.headroom.operator.concern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.ManualClock;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.operator.reconcile.Resources;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each test is a row of decision 0131: two concerns, one that needs the database and one that does not. */
class ConcernsTest {

    private static final Verdict NO_SECRET = Verdict.unknown(Reason.SECRET_MISSING, "secret prod/db does not exist");

    private final ManualClock clock = new ManualClock(Instant.parse("2030-05-01T12:00:00Z"));
    private final ScriptedConcern slow = new ScriptedConcern("SlowReady", Duration.ofMinutes(5));
    private final ScriptedConcern quick = new ScriptedConcern("QuickReady", Duration.ofSeconds(15));
    private final ManualClock steady = new ManualClock(clock.instant());
    private final Concerns concerns = new Concerns(List.of(slow, quick), Duration.ofMinutes(5), steady, () -> 0);
    private final DbPerformance resource = Resources.resource("one", "Apply", 1, "");
    private final ResourceId id = ResourceId.of(resource);
    private int wakeUps;
    private boolean leads = true;

    private void advance(Duration by) {
        clock.advance(by);
        steady.advance(by);
    }

    @Test
    void aConcernRunsAtItsOwnPaceAndTheOthersOutcomeStays() {
        reconcile(1);
        advance(Duration.ofSeconds(15));

        Map<String, Verdict> verdicts = verdicts(reconcile(1));

        assertThat(slow.runs).isEqualTo(1);
        assertThat(quick.runs).isEqualTo(2);
        assertThat(verdicts.get("SlowReady").message()).isEqualTo("run 1");
        assertThat(verdicts.get("QuickReady").message()).isEqualTo("run 2");
        assertThat(concerns.untilNext(id)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void aClockThatIsSetBackStopsNothing() {
        reconcile(1);
        clock.advance(Duration.ofHours(-1));
        steady.advance(Duration.ofSeconds(15));

        reconcile(1);

        assertThat(quick.runs).isEqualTo(2);
        assertThat(concerns.untilNext(id)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void aChangeByTheUserMakesAllDue() {
        reconcile(1);
        reconcile(1);
        assertThat(slow.runs + quick.runs).isEqualTo(2);

        reconcile(2);

        assertThat(slow.runs + quick.runs).isEqualTo(4);
    }

    @Test
    void whatAConcernsWorkAchievedMakesItAloneDue() {
        reconcile(1);
        slow.lastPass().progressed();
        assertThat(wakeUps).isEqualTo(1);
        assertThat(concerns.untilNext(id)).isZero();

        reconcile(1);

        assertThat(slow.runs).isEqualTo(2);
        assertThat(quick.runs).isEqualTo(1);
    }

    @Test
    void anEventIsScriptedConcernOnceAlthoughTheOutcomeStays() {
        slow.notice = Notice.normal("Happened", "once");

        assertThat(reconcile(1).getFirst().notices()).hasSize(1);
        assertThat(reconcile(1).getFirst().notices()).isEmpty();
    }

    @Test
    void withoutADatabaseOnlyWhoAsksForItIsBlindAndBacksOffAlone() {
        slow.asksDatabase = true;

        Map<String, Verdict> verdicts = verdicts(reconcile(1));

        assertThat(verdicts).containsEntry("SlowReady", NO_SECRET);
        assertThat(verdicts.get("QuickReady").truth()).isEqualTo(Truth.TRUE);
        advance(Duration.ofSeconds(1));
        reconcile(1);
        assertThat(slow.runs).isEqualTo(2);
        assertThat(quick.runs).isEqualTo(1);
    }

    @Test
    void aConcernThatThrowsDoesNotStopTheOthers() {
        slow.failure = new IllegalStateException("oops");
        quick.failure = new SQLException("down", "08001");

        Map<String, Verdict> verdicts = verdicts(reconcile(1));

        assertThat(verdicts.get("SlowReady"))
                .isEqualTo(Verdict.unknown(Reason.LOOK_FAILED, "IllegalStateException: oops"));
        assertThat(verdicts.get("QuickReady").reason()).isEqualTo(Reason.DATABASE_UNREACHABLE);
    }

    @Test
    void anErrorIsOneFailureOfOneConcern() {
        slow.broken = new StackOverflowError("deep");

        Map<String, Verdict> verdicts = verdicts(reconcile(1));

        assertThat(verdicts.get("SlowReady").message()).isEqualTo("StackOverflowError: deep");
        assertThat(verdicts.get("QuickReady").truth()).isEqualTo(Truth.TRUE);
        slow.broken = null;
        advance(Duration.ofSeconds(1));
        assertThat(verdicts(reconcile(1)).get("SlowReady").truth()).isEqualTo(Truth.TRUE);
    }

    @Test
    void theStateOfAResourceThatVanishedIsClosed() {
        reconcile(1);

        concerns.keepOnly(Set.of());

        assertThat(slow.closed).isEqualTo(1);
    }

    @Test
    void anInvalidSectionStopsItsConcernAlone() {
        reconcile(1);
        slow.breaches = List.of(new SpecRules.Breach("spec.slow", "is wrong"));

        Map<String, Verdict> verdicts = verdicts(reconcile(2));

        assertThat(verdicts.get("SlowReady")).isEqualTo(Verdict.no(Reason.INVALID_SPEC, "spec.slow: is wrong"));
        assertThat(verdicts.get("QuickReady").truth()).isEqualTo(Truth.TRUE);
        assertThat(slow.closed).isEqualTo(1);
        assertThat(quick.closed).isZero();
    }

    @Test
    void eachConcernHasItsModeAndAPauseIsObserveForAll() {
        quick.mode = Mode.OBSERVE;
        reconcile(1);
        assertThat(slow.lastPass().mayAct()).isTrue();
        assertThat(quick.lastPass().mayAct()).isFalse();

        concerns.reconcile(pass(Mode.OBSERVE), 2, () -> {});

        assertThat(slow.lastPass().mayAct()).isFalse();
    }

    @Test
    void nothingIsChangedByWhoLostTheLease() {
        reconcile(1);
        assertThat(slow.lastPass().mayAct()).isTrue();

        leads = false;

        assertThat(slow.lastPass().mayAct()).isFalse();
    }

    @Test
    void theStateOfAResourceIsClosedWhenItIsGoneAndWhenTheProgramEnds() {
        reconcile(1);
        concerns.forget(id);
        assertThat(slow.closed).isEqualTo(1);

        reconcile(1);
        concerns.stop();
        assertThat(slow.closed).isEqualTo(2);

        concerns.forget(id);
        reconcile(1);
        assertThat(slow.closed)
                .as("a state that is opened after the end is closed at once")
                .isEqualTo(4);
    }

    @Test
    void aCleanUpAsksEveryConcernAlsoAfterAFailure() {
        slow.failure = new SQLException("down", "08001");

        Concerns.Deletion deletion = cleanUp();

        assertThat(deletion.ended()).isFalse();
        assertThat(deletion.message()).contains("down", "QuickReady cleaned up");
    }

    @Test
    void eachConcernHasItsPatienceAndIsNotAskedAgainWhenItIsThrough() {
        slow.failure = new SQLException("down", "08001");
        slow.patience = Duration.ofSeconds(4);
        assertThat(cleanUp().ended()).isFalse();
        advance(Duration.ofSeconds(4));

        Concerns.Deletion deletion = cleanUp();

        assertThat(deletion.ended()).isTrue();
        assertThat(deletion.complete()).isFalse();
        assertThat(deletion.message()).contains("given up after 4 s", "QuickReady cleaned up");
        assertThat(quick.cleanUps).isEqualTo(1);
    }

    private Concerns.Deletion cleanUp() {
        resource.getMetadata().setDeletionTimestamp("2030-05-01T12:00:00Z");
        return concerns.cleanUp(pass(null), Duration.ofMinutes(5));
    }

    private List<ConcernOutcome> reconcile(Object version) {
        return concerns.reconcile(pass(null), version, () -> wakeUps++);
    }

    private Pass pass(@Nullable Mode forced) {
        return Pass.over(
                ResourceView.of(resource),
                forced,
                () -> {
                    throw new Pass.NoDatabase(NO_SECRET);
                },
                new NoOtherResources(),
                () -> leads,
                clock);
    }

    private static Map<String, Verdict> verdicts(List<ConcernOutcome> outcomes) {
        return outcomes.stream()
                .flatMap(outcome -> outcome.verdicts().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** A concern that does as it is told. */
    private static final class ScriptedConcern implements Concern<ScriptedConcern.Remembered> {
        private final String condition;
        private final Duration next;
        private Mode mode = Mode.APPLY;
        private boolean asksDatabase;
        private @Nullable Exception failure;
        private @Nullable Error broken;
        private @Nullable Notice notice;
        private List<SpecRules.Breach> breaches = List.of();
        private @Nullable Pass lastPass;
        private int runs;
        private int closed;
        private int cleanUps;
        private Duration patience = Duration.ofMinutes(5);

        ScriptedConcern(String condition, Duration next) {
            this.condition = condition;
            this.next = next;
        }

        Pass lastPass() {
            return java.util.Objects.requireNonNull(lastPass);
        }

        @Override
        public List<String> conditions(DbPerformanceSpec spec) {
            return List.of(condition);
        }

        @Override
        public Mode mode(DbPerformanceSpec spec) {
            return mode;
        }

        @Override
        public List<SpecRules.Breach> breaches(DbPerformanceSpec spec) {
            if (broken != null) {
                throw broken;
            }
            return breaches;
        }

        @Override
        public Remembered open(Clock clock) {
            return new Remembered();
        }

        @Override
        public ConcernReport reconcile(Pass pass, Remembered state) throws Exception {
            lastPass = pass;
            runs++;
            fail();
            if (asksDatabase) {
                pass.database();
            }
            return new ConcernReport(
                    Map.of(condition, Verdict.yes(Reason.AS_DECLARED, "run " + runs)),
                    status -> status,
                    notice == null ? List.of() : List.of(notice),
                    true,
                    next);
        }

        @Override
        public Duration patience(DbPerformanceSpec spec, Duration longest) {
            return patience;
        }

        @Override
        public Cleanup cleanUp(Pass pass, Remembered state) throws Exception {
            cleanUps++;
            fail();
            return Cleanup.done(condition + " cleaned up");
        }

        private void fail() throws Exception {
            if (failure != null) {
                throw failure;
            }
        }

        private final class Remembered implements State {
            @Override
            public void close() {
                closed++;
            }
        }
    }
}

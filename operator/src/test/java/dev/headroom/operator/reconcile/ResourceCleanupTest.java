package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.Concern.Cleanup;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.NoOtherResources;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResourceCleanupTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ScriptedConcern concern = new ScriptedConcern();

    @Test
    void aFinishedCleanUpEndsTheDeletion() {
        concern.answer = Cleanup.done("dropped 2");

        assertThat(step(5)).isEqualTo(new ResourceCleanup.Step(true, true, "dropped 2", Duration.ZERO));
    }

    @Test
    void aBusyCleanUpIsWaitedForUntilPatienceSinceTheDeletionEnds() {
        concern.answer = Cleanup.busy("drops ix");

        assertThat(step(19)).isEqualTo(new ResourceCleanup.Step(false, false, "drops ix", Duration.ofSeconds(1)));
        ResourceCleanup.Step givenUp = step(20);

        assertThat(givenUp.ended()).isTrue();
        assertThat(givenUp.complete()).isFalse();
        assertThat(givenUp.message()).contains("after 20 s", "drops ix", "gave back 3", "stays in the database");
    }

    @Test
    void aDatabaseThatFailsIsWaitedForAndNotForEver() {
        assertThat(step(5).ended()).isFalse();
        assertThat(step(25).ended()).isTrue();
    }

    @Test
    void aLessPatientConcernEndsTheDeletionSooner() {
        concern.patience = Duration.ofSeconds(4);

        ResourceCleanup.Step first = step(1);
        assertThat(first.ended()).isFalse();
        assertThat(first.again()).isLessThanOrEqualTo(Duration.ofSeconds(2));

        assertThat(step(4).message()).contains("after 4 s", "refused", "gave back 3");
    }

    @Test
    void aDatabaseThatSaysNothingHoldsNoThread() {
        concern.patience = Duration.ofSeconds(4);
        concern.hangs = true;

        Instant start = Instant.now();
        assertThat(step(4).message()).contains("does not answer");

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    private ResourceCleanup.Step step(int second) {
        DbPerformance resource = Resources.deleted("Drop", 0);
        Clock clock = Clock.fixed(Instant.parse(Resources.at(second)), ZoneOffset.UTC);
        Pass pass = Pass.over(
                ResourceView.of(resource),
                null,
                () -> {
                    throw new AssertionError("not asked here");
                },
                new NoOtherResources(),
                () -> true,
                clock);
        return new ResourceCleanup(new Concerns(List.of(concern), Duration.ofMinutes(5), () -> 0), clock, PATIENCE)
                .step(resource, pass);
    }

    /** A concern that answers as it is told, or fails as one without a database does. */
    private static final class ScriptedConcern implements Concern<Concern.State> {
        private @Nullable Cleanup answer;
        private boolean hangs;
        private Duration patience = PATIENCE;

        @Override
        public List<String> conditions() {
            return List.of("IndexesReady");
        }

        @Override
        public Mode mode(DbPerformanceSpec spec) {
            return Mode.APPLY;
        }

        @Override
        public State open(Clock clock) {
            return () -> {};
        }

        @Override
        public ConcernReport reconcile(Pass pass, State state) {
            throw new AssertionError("a deletion reconciles nothing");
        }

        @Override
        public Duration patience(DbPerformanceSpec spec, Duration longest) {
            return patience;
        }

        @Override
        public Cleanup cleanUp(Pass pass, State state) throws SQLException, InterruptedException {
            if (hangs) {
                new CountDownLatch(1).await();
            }
            if (answer == null) {
                throw new SQLException("refused", "08001");
            }
            return answer;
        }

        @Override
        public String abandonCleanup(Pass pass, State state) {
            return "gave back 3";
        }
    }
}

package dev.headroom.operator.concern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.Concern.Cleanup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PatientCleanupTest {

    private static final Instant DELETED = Instant.parse("2030-05-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PatientCleanup tries = new PatientCleanup();
    private int calls;

    @Test
    void aFinishedCleanUpEndsItAndIsNotCalledAgain() {
        PatientCleanup.Step first = step(5, () -> Cleanup.done("dropped 2"));

        assertThat(first.ended()).isTrue();
        assertThat(first.complete()).isTrue();
        assertThat(first.message()).isEqualTo("dropped 2");
        assertThat(step(6, () -> Cleanup.done("nothing left"))).isEqualTo(first);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aBusyCleanUpIsWaitedForUntilPatienceSinceTheDeletionEnds() {
        PatientCleanup.Step busy = step(19, () -> Cleanup.busy("drops ix"));
        assertThat(busy).isEqualTo(new PatientCleanup.Step(false, false, "drops ix", Duration.ofSeconds(1)));

        PatientCleanup.Step givenUp = step(20, () -> Cleanup.busy("drops ix"));

        assertThat(givenUp.ended()).isTrue();
        assertThat(givenUp.complete()).isFalse();
        assertThat(givenUp.message()).contains("after 20 s", "drops ix", "gave back 3", "stays in the database");
    }

    @Test
    void aCallThatDoesNotReturnHoldsNoDeletion() {
        PatientCleanup.Step givenUp = step(20, () -> {
            new CountDownLatch(1).await();
            return Cleanup.done("never");
        });

        assertThat(givenUp.ended()).isTrue();
        assertThat(givenUp.message()).contains("does not come to an end");
    }

    private PatientCleanup.Step step(int second, Callable<Cleanup> cleanUp) {
        Clock clock = Clock.fixed(DELETED.plusSeconds(second), ZoneOffset.UTC);
        return tries.step(
                DELETED,
                PATIENCE,
                clock,
                () -> {
                    calls++;
                    return cleanUp.call();
                },
                () -> "gave back 3");
    }
}

package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaConflictTest {

    private static final Optional<String> ARGO = Optional.of("argocd-controller");

    private final ReplicaConflict conflict = new ReplicaConflict();
    private Instant now = Instant.EPOCH;

    @Test
    void aPersonWhoScalesTwiceIsNoRival() {
        undone();
        undone();

        assertThat(conflict.conflictingManager()).isEmpty();
    }

    @Test
    void whoUndoesThreeChangesInTenMinutesIsOneForTenMinutes() {
        undone();
        undone();
        undone();
        assertThat(conflict.conflictingManager()).isEqualTo(ARGO);

        now = now.plus(Duration.ofMinutes(11));
        conflict.observe(1, () -> ARGO, now);
        assertThat(conflict.conflictingManager()).isEmpty();
    }

    @Test
    void changesThatFollowNoneOfOursAreEverybodysRight() {
        for (int number = 0; number < 10; number++) {
            conflict.observe(number, () -> ARGO, now);
        }

        assertThat(conflict.conflictingManager()).isEmpty();
    }

    @Test
    void anInformerThatIsAMomentBehindIsNoRival() {
        for (int i = 0; i < 5; i++) {
            conflict.recordOwnChange(5 + i, now);
            int before = 4 + i;
            conflict.observe(before, () -> ARGO, now.plusSeconds(1));
            conflict.observe(5 + i, () -> ARGO, now.plusSeconds(2));
        }

        assertThat(conflict.conflictingManager()).isEmpty();
    }

    private void undone() {
        conflict.recordOwnChange(5, now);
        conflict.observe(5, () -> ARGO, now);
        now = now.plusSeconds(60);
        conflict.observe(1, () -> ARGO, now);
    }
}

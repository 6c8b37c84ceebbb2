package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaContestTest {

    private static final Optional<String> ARGO = Optional.of("argocd-controller");

    private final ReplicaContest contest = new ReplicaContest();
    private Instant now = Instant.EPOCH;

    @Test
    void aPersonWhoScalesTwiceIsNoRival() {
        undone();
        undone();

        assertThat(contest.rival()).isEmpty();
    }

    @Test
    void whoUndoesThreeChangesInTenMinutesIsOneForTenMinutes() {
        undone();
        undone();
        undone();
        assertThat(contest.rival()).isEqualTo(ARGO);

        now = now.plus(Duration.ofMinutes(11));
        contest.saw(1, () -> ARGO, now);
        assertThat(contest.rival()).isEmpty();
    }

    @Test
    void changesThatFollowNoneOfOursAreEverybodysRight() {
        for (int number = 0; number < 10; number++) {
            contest.saw(number, () -> ARGO, now);
        }

        assertThat(contest.rival()).isEmpty();
    }

    @Test
    void anInformerThatIsAMomentBehindIsNoRival() {
        for (int i = 0; i < 5; i++) {
            contest.set(5 + i, now);
            int before = 4 + i;
            contest.saw(before, () -> ARGO, now.plusSeconds(1));
            contest.saw(5 + i, () -> ARGO, now.plusSeconds(2));
        }

        assertThat(contest.rival()).isEmpty();
    }

    private void undone() {
        contest.set(5, now);
        contest.saw(5, () -> ARGO, now);
        now = now.plusSeconds(60);
        contest.saw(1, () -> ARGO, now);
    }
}

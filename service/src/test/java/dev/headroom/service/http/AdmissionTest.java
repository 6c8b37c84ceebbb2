package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void whoFindsNoPlaceAndNoQueueIsTurnedAwayAtOnceAndCounted() {
        Admission admission = admission(1, 0, Duration.ofMinutes(1));
        assertThat(admission.enter()).isTrue();
        assertThat(admission.enter()).isFalse();
        assertThat(admission.shed()).isEqualTo(1);
        admission.leave();
        assertThat(admission.enter()).isTrue();
    }

    @Test
    void whoWaitsGetsThePlaceThatBecomesFree() {
        Admission admission = admission(1, 1, Duration.ofMinutes(1));
        admission.enter();
        var second = CompletableFuture.supplyAsync(admission::enter);
        await().until(() -> admission.waiting() == 1);
        assertThat(admission.enter()).as("the queue is full").isFalse();
        admission.leave();
        assertThat(second.join()).isTrue();
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void patienceEnds() {
        Admission admission = admission(1, 5, Duration.ofMillis(20));
        admission.enter();
        assertThat(admission.enter()).isFalse();
        assertThat(admission.waiting()).isZero();
    }

    private static Admission admission(int concurrent, int waiting, Duration patience) {
        return new Admission(new ServerSettings.Shedding(concurrent, waiting, patience));
    }
}

package dev.headroom.service.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.profile.StatementProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SharedScanTest {
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void everyAnswerIsMadeAfterItWasAskedFor() {
        SharedScan answer = answer(() -> {});

        assertThat(get(answer)).isEqualTo("1");
        assertThat(get(answer)).isEqualTo("2");
    }

    @Test
    void whoComesWhileItIsMadeSharesTheNext() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        SharedScan answer = answer(gate::await);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> get(answer));
            await().until(() -> made.get() == 1);
            AtomicInteger asked = new AtomicInteger();
            List<Future<String>> coming = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                coming.add(threads.submit(() -> {
                    asked.incrementAndGet();
                    return get(answer);
                }));
            }
            await().until(() -> asked.get() == 20);
            gate.countDown();

            assertThat(first.get()).isEqualTo("1");
            for (Future<String> each : coming) {
                assertThat(Integer.parseInt(each.get()))
                        .as("made after it was asked for")
                        .isGreaterThan(1);
            }
        }
        assertThat(made.get()).as("however many come").isLessThanOrEqualTo(3);
    }

    @Test
    void aFailureReachesWhoAskedAndTheNextOneTriesAgain() {
        AtomicReference<RuntimeException> failing = new AtomicReference<>();
        SharedScan answer = answer(() -> {
            RuntimeException failure = failing.get();
            if (failure != null) {
                throw failure;
            }
        });
        assertThat(get(answer)).isEqualTo("1");
        failing.set(new IllegalStateException("down"));

        assertThatThrownBy(() -> get(answer)).isSameAs(failing.get());
        failing.set(null);
        assertThat(get(answer)).isEqualTo("3");
    }

    @Test
    void whoMadeItLeaves_andWhoWaitsForItGetsItAllTheSame() {
        SharedScan answer = answer(() -> {
            StatementProfile mine = StatementProfile.current().orElseThrow();
            mine.callOff();
            assertThat(mine.isCalledOff()).isFalse();
        });
        assertThat(new StatementProfile("mine").call(() -> get(answer))).isEqualTo("1");
    }

    private interface Step {
        void run() throws Exception;
    }

    private SharedScan answer(Step step) {
        return new SharedScan(() -> {
            int number = made.incrementAndGet();
            try {
                step.run();
            } catch (RuntimeException failed) {
                throw failed;
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
            return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        });
    }

    private static String get(SharedScan answer) {
        return new String(answer.get(), StandardCharsets.UTF_8);
    }
}

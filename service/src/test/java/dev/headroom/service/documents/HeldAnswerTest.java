package dev.headroom.service.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeldAnswerTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void anAnswerIsHeldForItsTime() {
        HeldAnswer answer = answer(() -> {});

        assertThat(get(answer, false)).isEqualTo("1");
        pass(29);
        assertThat(get(answer, false)).isEqualTo("1");
        pass(1);
        assertThat(get(answer, false)).isEqualTo("2");
    }

    @Test
    void aRefreshIsMadeAnewAndThenHeld() {
        HeldAnswer answer = answer(() -> {});

        assertThat(get(answer, false)).isEqualTo("1");
        assertThat(get(answer, true)).isEqualTo("2");
        pass(29);
        assertThat(get(answer, false)).isEqualTo("2");
    }

    @Test
    void whoAsksWhileItIsMadeSharesIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        HeldAnswer answer = answer(gate::await);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asking = ask(threads, answer, false, 20);
            await().until(() -> made.get() == 1);
            gate.countDown();

            for (Future<String> each : asking) {
                assertThat(each.get()).isEqualTo("1");
            }
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void refreshesThatComeWhileItIsMadeShareTheNext() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        HeldAnswer answer = answer(gate::await);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> get(answer, false));
            await().until(() -> made.get() == 1);
            AtomicInteger asked = new AtomicInteger();
            List<Future<String>> refreshing = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                refreshing.add(threads.submit(() -> {
                    asked.incrementAndGet();
                    return get(answer, true);
                }));
            }
            await().until(() -> asked.get() == 20);
            gate.countDown();

            assertThat(first.get()).isEqualTo("1");
            for (Future<String> each : refreshing) {
                assertThat(Integer.parseInt(each.get()))
                        .as("made after the refresh came")
                        .isGreaterThan(1);
            }
        }
        assertThat(made.get()).as("however many refresh").isLessThanOrEqualTo(3);
    }

    @Test
    void aFailureReachesEveryoneIsNotHeldAndTakesNothingAway() {
        AtomicReference<RuntimeException> failing = new AtomicReference<>();
        HeldAnswer answer = answer(() -> {
            RuntimeException failure = failing.get();
            if (failure != null) {
                throw failure;
            }
        });
        assertThat(get(answer, false)).isEqualTo("1");
        failing.set(new IllegalStateException("down"));

        assertThatThrownBy(() -> get(answer, true)).isSameAs(failing.get());
        assertThat(get(answer, false)).isEqualTo("1");
        failing.set(null);
        assertThat(get(answer, true)).isEqualTo("3");
    }

    private interface Step {
        void run() throws Exception;
    }

    private HeldAnswer answer(Step step) {
        return new HeldAnswer(
                () -> {
                    int number = made.incrementAndGet();
                    try {
                        step.run();
                    } catch (RuntimeException failed) {
                        throw failed;
                    } catch (Exception failed) {
                        throw new IllegalStateException(failed);
                    }
                    return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
                },
                Duration.ofSeconds(30),
                now::get);
    }

    private static List<Future<String>> ask(ExecutorService threads, HeldAnswer answer, boolean fresh, int times) {
        List<Future<String>> asking = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            asking.add(threads.submit(() -> get(answer, fresh)));
        }
        return asking;
    }

    private static String get(HeldAnswer answer, boolean fresh) {
        return new String(answer.get(fresh), StandardCharsets.UTF_8);
    }

    private void pass(int seconds) {
        now.updateAndGet(time -> time.plusSeconds(seconds));
    }
}

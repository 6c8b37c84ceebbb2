package dev.headroom.service.facets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatestTest {
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final AtomicInteger builds = new AtomicInteger();
    private final AtomicReference<String> version = new AtomicReference<>("1");
    private final List<Latest<Integer>> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Latest::close);
    }

    private Latest<Integer> latest(Supplier<Integer> build, Duration check, Duration refresh) {
        Latest<Integer> latest = new Latest<>("test", build, () -> Optional.of(version.get()), check, refresh);
        opened.add(latest);
        latest.start();
        return latest;
    }

    @Test
    void readersThatComeBeforeThereIsAnythingShareOneBuild() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Latest<Integer> latest = latest(() -> after(go, builds.incrementAndGet()), NEVER, NEVER);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(readers.submit(() -> latest.get(PATIENT)));
            }
            await().until(() -> builds.get() == 1);
            go.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(1);
            }
        }
        assertThat(builds).hasValue(1);
    }

    @Test
    void invalidatingBuildsAnewWhileReadersTakeTheOldOne() {
        CountDownLatch go = new CountDownLatch(1);
        Latest<Integer> latest =
                latest(() -> builds.incrementAndGet() == 1 ? Integer.valueOf(1) : after(go, 2), NEVER, NEVER);
        assertThat(latest.get(PATIENT)).isEqualTo(1);

        latest.invalidate();
        await().until(() -> builds.get() == 2);
        assertThat(latest.get(PATIENT)).isEqualTo(1);
        go.countDown();
        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(2));
    }

    @Test
    void whatIsInvalidatedDuringABuildIsBuiltAgainAndManyTimesAreOne() {
        CountDownLatch go = new CountDownLatch(1);
        Latest<Integer> latest = latest(
                () -> builds.incrementAndGet() == 1 ? after(go, 1) : Integer.valueOf(builds.get()), NEVER, NEVER);
        await().until(() -> builds.get() == 1);
        for (int i = 0; i < 50; i++) {
            latest.invalidate();
        }
        go.countDown();

        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(2));
        await().during(Duration.ofMillis(200)).until(() -> builds.get() == 2);
    }

    @Test
    void anotherVersionIsReasonEnoughAndTheSameIsNot() {
        Latest<Integer> latest = latest(builds::incrementAndGet, SOON, NEVER);
        assertThat(latest.get(PATIENT)).isEqualTo(1);
        await().during(Duration.ofMillis(200)).until(() -> builds.get() == 1);

        version.set("2");
        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(2));
        await().during(Duration.ofMillis(200)).until(() -> builds.get() == 2);
    }

    @Test
    void ageIsReasonEnough() {
        Latest<Integer> latest = latest(builds::incrementAndGet, SOON, Duration.ofMillis(50));

        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isGreaterThan(2));
    }

    @Test
    void aBuildThatFailsLeavesWhatWasThereAndTheNextTryMendsIt() {
        Latest<Integer> latest = latest(
                () -> {
                    if (builds.incrementAndGet() == 2) {
                        throw new IllegalStateException("out of luck");
                    }
                    return builds.get();
                },
                SOON,
                NEVER);
        assertThat(latest.get(PATIENT)).isEqualTo(1);

        version.set("2");
        await().until(() -> builds.get() >= 2);
        assertThat(latest.get(PATIENT)).isIn(1, 3);
        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(3));
        assertThat(latest.isFailing()).isFalse();
    }

    @Test
    void readersWithoutAnythingGetTheFailureAndTheNextOnesAnotherTry() {
        Latest<Integer> latest = latest(
                () -> {
                    if (builds.incrementAndGet() <= 2) {
                        throw new IllegalStateException("out of luck");
                    }
                    return builds.get();
                },
                NEVER,
                NEVER);
        await().until(latest::isFailing);

        assertThatThrownBy(() -> latest.get(PATIENT)).hasRootCauseMessage("out of luck");
        assertThat(latest.get(PATIENT)).isEqualTo(3);
    }

    @Test
    void aReaderWithoutAnythingWaitsOnlySoLongAndTheBuildGoesOn() {
        CountDownLatch go = new CountDownLatch(1);
        Latest<Integer> latest = latest(() -> after(go, builds.incrementAndGet()), NEVER, NEVER);

        assertThatThrownBy(() -> latest.get(Duration.ofMillis(20)))
                .isInstanceOf(NotBuiltYet.class)
                .hasMessageStartingWith("test is still being read from the database for the first time, after 20ms");
        go.countDown();

        assertThat(latest.get(PATIENT)).isEqualTo(1);
        assertThat(builds).hasValue(1);
    }

    @Test
    void whatWasInvalidatedIsStillOwedAfterABuildThatFailed() {
        Latest<Integer> latest = latest(
                () -> {
                    if (builds.incrementAndGet() == 2) {
                        throw new IllegalStateException("out of luck");
                    }
                    return builds.get();
                },
                SOON,
                NEVER);
        assertThat(latest.get(PATIENT)).isEqualTo(1);

        latest.invalidate();

        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(3));
        await().during(Duration.ofMillis(200)).until(() -> builds.get() == 3);
    }

    @Test
    void anErrorOfTheVersionLeavesTheWorkerAlive() {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Error> broken = new AtomicReference<>();
        CountDownLatch go = new CountDownLatch(1);
        Latest<Integer> latest = new Latest<>(
                "test",
                () -> builds.incrementAndGet() == 2 ? after(go, 2) : Integer.valueOf(builds.get()),
                () -> {
                    asked.incrementAndGet();
                    Error error = broken.getAndSet(null);
                    if (error != null) {
                        throw error;
                    }
                    return Optional.of("1");
                },
                SOON,
                NEVER);
        opened.add(latest);
        latest.start();
        assertThat(latest.get(PATIENT)).isEqualTo(1);

        broken.set(new OutOfMemoryError("no heap left for the version"));
        await().until(() -> builds.get() == 2);

        assertThat(latest.isFailing()).isTrue();
        assertThat(latest.get(PATIENT)).isEqualTo(1);
        go.countDown();
        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(2));
        int before = asked.get();
        await().until(() -> asked.get() > before);
        assertThat(latest.isFailing()).isFalse();
    }

    @Test
    void anErrorOfABuildIsServedOverAndBuiltAgain() {
        Latest<Integer> latest = latest(
                () -> {
                    if (builds.incrementAndGet() == 2) {
                        throw new StackOverflowError("a row too deep");
                    }
                    return builds.get();
                },
                SOON,
                NEVER);
        assertThat(latest.get(PATIENT)).isEqualTo(1);

        latest.invalidate();

        await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(3));
        assertThat(latest.isFailing()).isFalse();
    }

    @Test
    void aFailureThatCannotBeLoggedLeavesTheWorkerAlive() {
        Logger log = Logger.getLogger(Latest.class.getName());
        AtomicInteger refused = new AtomicInteger();
        log.setFilter(_ -> {
            refused.incrementAndGet();
            throw new OutOfMemoryError("no heap left for the log");
        });
        try {
            Latest<Integer> latest = latest(
                    () -> {
                        if (builds.incrementAndGet() == 2) {
                            throw new OutOfMemoryError("no heap left for the rows");
                        }
                        return builds.get();
                    },
                    SOON,
                    NEVER);
            assertThat(latest.get(PATIENT)).isEqualTo(1);

            latest.invalidate();

            await().untilAsserted(() -> assertThat(latest.get(PATIENT)).isEqualTo(3));
            assertThat(refused).hasPositiveValue();
        } finally {
            log.setFilter(null);
        }
    }

    @Test
    void closingLetsWaitingReadersGoAndEndsTheThread() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Latest<Integer> latest = latest(() -> after(never, 1), NEVER, NEVER);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> waiting = readers.submit(() -> latest.get(PATIENT));
            await().until(() -> builds.get() == 0 && !waiting.isDone());
            latest.close();
            assertThatThrownBy(waiting::get).hasRootCauseMessage("test is closed");
        }
        never.countDown();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("facets test") && thread.isAlive()));
    }

    private static Integer after(CountDownLatch go, int value) {
        try {
            go.await();
            return value;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.headroom.service.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupingTest {
    private final List<List<Integer>> messages = new CopyOnWriteArrayList<>();
    private final Semaphore mayAnswer = new Semaphore(0);
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean broken;

    private final Grouping<Integer, String> grouping = new Grouping<>(3, "none", questions -> {
        messages.add(questions);
        mayAnswer.acquireUninterruptibly();
        return broken
                ? Optional.empty()
                : Optional.of(questions.stream().map(String::valueOf).toList());
    });

    @AfterEach
    void end() {
        mayAnswer.release(1000);
        clients.close();
    }

    private List<Future<String>> ask(int... questions) {
        List<Future<String>> asked = new ArrayList<>();
        for (int question : questions) {
            asked.add(clients.submit(() -> grouping.ask(question)));
        }
        return asked;
    }

    /** One is under way, and these wait behind it in this order. */
    private List<Future<String>> behindOneUnderWay(int... questions) {
        List<Future<String>> all = new ArrayList<>(ask(0));
        await().until(() -> messages.size() == 1);
        for (int question : questions) {
            AtomicReference<Thread> asker = new AtomicReference<>();
            all.add(clients.submit(() -> {
                asker.set(Thread.currentThread());
                return grouping.ask(question);
            }));
            await().until(() -> asker.get() != null && asker.get().getState() == Thread.State.WAITING);
        }
        return all;
    }

    @Test
    void aQuestionThatComesAloneIsAskedAtOnceOnItsOwnThread() {
        mayAnswer.release();
        AtomicReference<Thread> asking = new AtomicReference<>();
        var alone = new Grouping<Integer, String>(3, "none", questions -> {
            asking.set(Thread.currentThread());
            return Optional.of(List.of("answer"));
        });
        assertThat(alone.ask(1)).isEqualTo("answer");
        assertThat(asking.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void whoComesMeanwhileGoesTogetherAndEachGetsItsOwnAnswer() throws Exception {
        List<Future<String>> asked = behindOneUnderWay(1, 2, 3);
        mayAnswer.release(2);
        for (int at = 0; at < asked.size(); at++) {
            assertThat(asked.get(at).get()).isEqualTo(String.valueOf(at));
        }
        assertThat(messages).containsExactly(List.of(0), List.of(1, 2, 3));
    }

    @Test
    void aGroupIsNoLargerThanSaid() throws Exception {
        List<Future<String>> asked = behindOneUnderWay(1, 2, 3, 4, 5);
        mayAnswer.release(3);
        for (Future<String> one : asked) {
            assertThat(one.get()).isNotEqualTo("none");
        }
        assertThat(messages).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
    }

    @Test
    void whereNobodyAnswersWhoWaitsIsToldSoWithoutAskingAgain() throws Exception {
        List<Future<String>> asked = behindOneUnderWay(1, 2, 3, 4, 5);
        broken = true;
        mayAnswer.release();
        for (Future<String> one : asked) {
            assertThat(one.get()).isEqualTo("none");
        }
        assertThat(messages).containsExactly(List.of(0));
    }

    @Test
    void afterNobodyAnsweredTheNextIsAskedAsEver() {
        broken = true;
        mayAnswer.release(2);
        assertThat(grouping.ask(1)).isEqualTo("none");
        broken = false;
        assertThat(grouping.ask(2)).isEqualTo("2");
    }

    @Test
    void whoIsInterruptedGoesWithoutAnAnswerAndStaysInterrupted() throws Exception {
        List<Future<String>> others = behindOneUnderWay();
        AtomicReference<Thread> asker = new AtomicReference<>();
        var interrupted = clients.submit(() -> {
            asker.set(Thread.currentThread());
            return grouping.ask(7) + Thread.currentThread().isInterrupted();
        });
        await().until(() -> asker.get() != null && asker.get().getState() == Thread.State.WAITING);
        asker.get().interrupt();
        assertThat(interrupted.get()).isEqualTo("nonetrue");
        mayAnswer.release();
        assertThat(others.getFirst().get()).isEqualTo("0");
        assertThat(messages).containsExactly(List.of(0));
    }

    @Test
    void whoIsInterruptedAsItsTurnComesLeavesItToTheNext() throws Exception {
        for (int round = 0; round < 2000; round++) {
            messages.clear();
            List<Future<String>> asked = new ArrayList<>(ask(0));
            var begun = asked.getFirst();
            AtomicReference<Thread> first = new AtomicReference<>();
            spinUntil(() -> messages.size() == 1);
            for (AtomicReference<Thread> asker : List.of(first, new AtomicReference<Thread>())) {
                asked.add(clients.submit(() -> {
                    asker.set(Thread.currentThread());
                    return grouping.ask(1);
                }));
                spinUntil(() -> asker.get() != null && asker.get().getState() == Thread.State.WAITING);
            }
            mayAnswer.release(3);
            first.get().interrupt();
            assertThat(begun.get()).isEqualTo("0");
            assertThat(asked.getLast().get(10, TimeUnit.SECONDS)).isEqualTo("1");
            mayAnswer.drainPermits();
        }
    }

    private static void spinUntil(BooleanSupplier so) {
        while (!so.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void underLoadNobodyIsForgottenAndNobodyGetsAnothersAnswer() throws Exception {
        var busy = new Grouping<Integer, Integer>(8, -1, questions -> {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(50_000));
            return Optional.of(questions.stream().map(question -> 2 * question).toList());
        });
        List<Future<Integer>> wrong = new ArrayList<>();
        for (int client = 0; client < 50; client++) {
            int first = client * 1000;
            wrong.add(clients.submit(() -> {
                int mistakes = 0;
                for (int question = first; question < first + 200; question++) {
                    mistakes += busy.ask(question) == 2 * question ? 0 : 1;
                }
                return mistakes;
            }));
        }
        List<Integer> all = new ArrayList<>();
        for (Future<Integer> one : wrong) {
            all.add(one.get());
        }
        assertThat(all).isEqualTo(Collections.nCopies(50, 0));
    }
}

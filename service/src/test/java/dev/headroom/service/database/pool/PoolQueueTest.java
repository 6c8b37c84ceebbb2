package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.settings.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolQueueTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        callers.close();
    }

    @Test
    void whoFindsNoPlaceAndNoRoomToWaitIsTurnedAwayAtOnce() {
        PoolQueue queue = queue(1, 0, Duration.ofMinutes(1));
        assertThat(queue.enter()).isTrue();
        assertThat(queue.enter()).isFalse();
        queue.leave();
        assertThat(queue.enter()).isTrue();
    }

    @Test
    void patienceEnds() {
        PoolQueue queue = queue(1, 5, Duration.ofMillis(20));
        assertThat(queue.enter()).isTrue();
        assertThat(queue.enter()).isFalse();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void turnsComeInTheOrderOfArrival() {
        PoolQueue queue = queue(1, 10, Duration.ofMinutes(1));
        assertThat(queue.enter()).isTrue();
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> all = List.of(0, 1, 2, 3, 4).stream()
                .map(caller -> {
                    var turn = CompletableFuture.runAsync(
                            () -> {
                                assertThat(queue.enter()).isTrue();
                                order.add(caller);
                                queue.leave();
                            },
                            callers);
                    await().until(() -> queue.waiting() == caller + 1);
                    return turn;
                })
                .toList();
        queue.leave();
        all.forEach(CompletableFuture::join);
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aLargerPoolLetsMoreInAndASmallerOneWaitsUntilEnoughCameBack() {
        PoolQueue queue = queue(1, 0, Duration.ZERO);
        queue.resize(3);
        assertThat(List.of(queue.enter(), queue.enter(), queue.enter(), queue.enter()))
                .containsExactly(true, true, true, false);
        queue.resize(1);
        queue.leave();
        queue.leave();
        assertThat(queue.enter())
                .as("one is still in use, and one is all there is")
                .isFalse();
        queue.leave();
        assertThat(queue.enter()).isTrue();
    }

    private static PoolQueue queue(int size, int longest, Duration patience) {
        return new PoolQueue(size, new Patience(longest, patience));
    }
}

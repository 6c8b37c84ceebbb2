package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.LoggedLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many answers are computed at once where no lease of the fleet says who does. */
class BoundsTest {
    private static final int MOST = 3;

    private final Fleet fleet =
            new Fleet().with("cache.computations", "" + MOST).with("cache.patience", "300ms");
    private final Caching alone = fleet.instance();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void stop() {
        clients.shutdownNow();
        fleet.close();
    }

    private List<Future<Served>> asManyAsMay() throws InterruptedException {
        var begun = new CountDownLatch(MOST);
        List<Future<Served>> slow = new ArrayList<>();
        for (int number = 1; number <= MOST; number++) {
            int each = number;
            slow.add(clients.submit(() -> Fleet.ask(alone, each, () -> {
                begun.countDown();
                await().until(() -> go.getCount() == 0);
                return Optional.of(("slow " + each).getBytes(UTF_8));
            })));
        }
        begun.await();
        return slow;
    }

    @Test
    void oneMoreWaitsForThePatienceAndIsToldWhatToRaise() throws Exception {
        List<Future<Served>> slow = asManyAsMay();
        try (var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> Fleet.ask(alone, 100, giving("one more")))
                        .isInstanceOf(Overloaded.class)
                        .hasMessageContaining("raise cache.computations");
            }
            assertThat(logged.warnings()).singleElement().asString().contains("tasks.list", "raise cache.computations");
        }
        go.countDown();
        for (int number = 1; number <= MOST; number++) {
            assertThat(text(slow.get(number - 1).get())).isEqualTo("slow " + number);
        }
        assertThat(text(Fleet.ask(alone, 100, giving("one more")))).isEqualTo("one more");
    }

    @Test
    void itGetsTheAnswerOfBeforeWhereThereIsOne() throws Exception {
        Fleet.ask(alone, 100, giving("before"));
        fleet.change(alone);
        List<Future<Served>> slow = asManyAsMay();
        Served served = Fleet.ask(alone, 100, giving("after"));
        assertThat(text(served)).isEqualTo("before");
        assertThat(served.how()).isEqualTo(How.LOCAL_FAILED);
        go.countDown();
        for (Future<Served> each : slow) {
            assertThat(each.get().how()).isEqualTo(How.MISS);
        }
        assertThat(text(Fleet.ask(alone, 100, giving("after")))).isEqualTo("after");
    }

    @Test
    void computationsThatFailLeaveTheirPlaces() {
        for (int number = 1; number <= 3 * MOST; number++) {
            int each = number;
            assertThatThrownBy(() -> Fleet.ask(alone, each, () -> {
                        throw new IllegalStateException("not today");
                    }))
                    .hasMessage("not today");
        }
        assertThat(text(Fleet.ask(alone, 100, giving("one more")))).isEqualTo("one more");
    }
}

package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.Credentials;
import dev.headroom.operator.database.PostgresAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DepartureTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Access GONE =
            new Access.Closed(Verdict.unknown(Reason.SECRET_MISSING, "secret prod/db does not exist"));

    private final Told concern = new Told();

    @Test
    void whatIsDoneIsLetGo() {
        concern.answer = new Concern.Farewell.Done("dropped 2");
        assertThat(step("Drop", true, 5)).isEqualTo(new Departure.Step(true, true, "dropped 2", Duration.ZERO));
    }

    @Test
    void whatIsBusyWaits_untilPatienceSinceTheDeletionEnds() {
        concern.answer = new Concern.Farewell.Busy("drops ix");
        assertThat(step("Drop", true, 19))
                .isEqualTo(new Departure.Step(false, false, "drops ix", Duration.ofSeconds(1)));
        Departure.Step givenUp = step("Drop", true, 20);
        assertThat(givenUp.gone()).isTrue();
        assertThat(givenUp.complete()).isFalse();
        assertThat(givenUp.message()).contains("after 20 s", "drops ix", "stays in the database");
    }

    @Test
    void aDatabaseThatFailsIsWaitedFor_andNotForEver() {
        assertThat(step("Drop", true, 5).gone()).isFalse();
        assertThat(step("Drop", true, 25).gone()).isTrue();
    }

    @Test
    void withoutASecretThereIsNothingToWaitForUnlessSomethingIsToBeDropped() {
        assertThat(step("Retain", false, 1))
                .isEqualTo(new Departure.Step(true, true, "stopped; its indexes stay", Duration.ZERO));
        assertThat(concern.forgotten).hasSize(1);
        assertThat(step("Drop", false, 1).gone()).isFalse();
        assertThat(step("Drop", false, 20).message()).contains("secret prod/db does not exist");
    }

    @Test
    void withRetainADatabaseThatFailsIsWaitedForForFiveSecondsInAll() {
        Departure.Step first = step("Retain", true, 1);
        assertThat(first.gone()).isFalse();
        assertThat(first.again()).isLessThanOrEqualTo(Duration.ofSeconds(2));

        Departure.Step last = step("Retain", true, 4);

        assertThat(last.gone()).isTrue();
        assertThat(last.complete()).isFalse();
        assertThat(last.message()).contains("after 4 s", "refused", "gave back 3");
    }

    @Test
    void withRetainADatabaseThatSaysNothingHoldsNoThread() {
        concern.hangs = true;

        Instant start = Instant.now();
        assertThat(step("Retain", true, 4).message()).contains("does not answer");

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    private Departure.Step step(String removal, boolean open, int second) {
        DbPerformance resource = Resources.deleted(removal, 0);
        Clock clock = Clock.fixed(Instant.parse(Resources.at(second)), ZoneOffset.UTC);
        PostgresAccess database = new PostgresAccess(
                resource.getSpec().database(),
                new Credentials("u", "p"),
                null,
                new ConnectionCount(new SimpleMeterRegistry()));
        return new Departure(new Concerns(List.of(concern)), clock, PATIENCE)
                .step(
                        resource,
                        open ? new Access.Open(database) : GONE,
                        to -> new Pass(
                                Claims.idOf(resource),
                                resource.getSpec(),
                                Mode.APPLY,
                                to,
                                Map.of(),
                                Map.of(),
                                Set.of(),
                                clock,
                                () -> {}));
    }

    /** A concern that answers as it is told, or fails as one without a database does. */
    private static final class Told implements Concern {
        private final List<ResourceId> forgotten = new ArrayList<>();
        private @Nullable Farewell answer;
        private boolean hangs;

        @Override
        public String condition() {
            return "IndexesReady";
        }

        @Override
        public ConcernReport look(Pass pass) {
            throw new AssertionError("a deletion looks at nothing");
        }

        @Override
        public Farewell release(Pass pass) throws SQLException, InterruptedException {
            if (hangs) {
                new CountDownLatch(1).await();
            }
            if (answer == null) {
                throw new SQLException("refused", "08001");
            }
            return answer;
        }

        @Override
        public String giveUp(Pass pass) {
            return "gave back 3";
        }

        @Override
        public void forget(ResourceId id) {
            forgotten.add(id);
        }

        @Override
        public void stop() {}
    }
}

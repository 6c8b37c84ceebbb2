package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.Budget;
import dev.headroom.operator.capacity.Budget.Limit;
import dev.headroom.operator.capacity.BudgetLedger.Claim;
import dev.headroom.operator.capacity.BudgetLedger.Grant;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Step;
import dev.headroom.operator.capacity.control.CapacityPlan.Allotment;
import dev.headroom.operator.capacity.control.Target.RolloutLimits;
import dev.headroom.operator.capacity.control.Target.RolloutLimits.Amount;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.MetricsSpec.Names;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CapacityPlanTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final RolloutLimits QUARTER = new RolloutLimits(new Amount(0, 25), new Amount(0, 25));

    private final ResourceView resource = new ResourceView(
            new ResourceId("prod", "shop", "uid"),
            Serialization.unmarshal("""
                    database: {credentialsSecretRef: {name: db}}
                    target: {name: shop}
                    objective: {request: {under: 200ms}}
                    pool: {minPerReplica: 2, maxPerReplica: 10}
                    replicas: {min: 2, max: 12}
                    """, DbPerformanceSpec.class),
            null,
            Instant.EPOCH,
            null,
            Pauses.NONE);

    @Test
    void theClaimCountsTheSurgeOfARollout() {
        Claim claim = plan(4, PoolConfigMap.NONE).claim();

        assertThat(claim.minimum()).isEqualTo((2 + 2) * 2);
        assertThat(claim.useful()).isEqualTo((12 + 6 + 3) * 10);
        assertThat(claim.inForce()).as("four pods that follow no file").isEqualTo(4 * 10);
    }

    @Test
    void theCeilingLeavesTheSmallestPoolToEveryPodOfARollout() {
        CapacityPlan plan = plan(4, PoolConfigMap.NONE);

        assertThat(plan.ceiling(allotment(42, 42))).isEqualTo(12);
        assertThat(plan.ceiling(allotment(20, 20))).isEqualTo(5);
        assertThat(plan.ceiling(allotment(5, 5))).isZero();
    }

    @Test
    void noReplicaIsAddedThatLeavesFewerConnectionsToALoadThatNeedsThem() throws Exception {
        Measurements busy = new Measurements();
        Target two = target(2);
        for (int i = 0; i < 2; i++) {
            busy.add(new Answers(Map.of("uid-0", page(i * 1000)), Map.of()), two, NOW.plusSeconds(5L * i));
            busy.nextWindow(Duration.ofSeconds(5), two, NOW.plusSeconds(5L * i), OptionalInt.empty(), false);
        }
        CapacityPlan plan = new CapacityPlan(resource, two, PoolConfigMap.NONE, busy, true, NOW);

        assertThat(plan.ceiling(allotment(28, 28)))
                .as("2 pods of 28 ÷ 4 − 2 have 10, 3 of 28 ÷ 5 − 2 have 9")
                .isEqualTo(2);
        assertThat(plan.ceiling(allotment(200, 200))).isEqualTo(12);
    }

    /** 200 statements a second of 50 ms, and two connections outside of the pool. */
    private static MetricsPage page(int statements) throws MetricsPage.Unreadable {
        String page = """
                db_client_operation_duration_seconds_bucket{statement="a",le="+Inf"} %1$d
                db_client_operation_duration_seconds_sum{statement="a"} %2$f
                db_client_connections_outside_pool 2
                """.formatted(statements, statements * 0.05);
        return MetricsPage.of(page, Names.DEFAULT, "uid-0", NOW.plusSeconds(statements / 200));
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsPublished() {
        CapacityPlan plan = plan(4, PoolConfigMap.NONE);

        assertThat(plan.step(refused(3), 4, 2)).isInstanceOf(Step.Hold.class);
        assertThat(plan.refusal(refused(3)))
                .contains("4 pods × (2 of the pool + 0 outside it) need 8", "raise max_connections");
    }

    @Test
    void whatDoesNotFitAnyMoreGoesBackToTheSmallestPools() {
        PoolConfigMap published = new PoolConfigMap("1", List.of(new Published(7, 8, NOW.minusSeconds(60))));

        Step step = plan(4, published).step(refused(3), 9, 8);

        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Publish.class,
                        publish -> assertThat(publish.current().size()).isEqualTo(2));
    }

    @Test
    void whileOthersHoldTooMuchItKeepsWhatItHoldsWithinItsPart() {
        PoolConfigMap published = new PoolConfigMap("1", List.of(new Published(7, 5, NOW.minusSeconds(60))));
        Allotment nothingFree = new Allotment(budget(60), new Grant(30, 0, false));

        assertThat(plan(4, published).step(nothingFree, 4, 5))
                .as("20 held of a part of 30 for 7 pods")
                .isInstanceOfSatisfying(
                        Step.Publish.class,
                        publish -> assertThat(publish.current().size()).isEqualTo(2));
    }

    @Test
    void theFirstSizeFitsWhileUnfollowingPodsStillHoldTheirOwn() {
        Step step = plan(4, PoolConfigMap.NONE).step(allotment(60, 60), 4, 8);

        assertThat(step).isInstanceOfSatisfying(Step.Publish.class, publish -> {
            assertThat(publish.current().size()).isEqualTo(8);
            assertThat(publish.current().generation()).isEqualTo(NOW.getEpochSecond());
        });
    }

    private static Allotment allotment(int budget, int usable) {
        return new Allotment(budget(budget), new Grant(usable, usable, false));
    }

    private static Allotment refused(int budget) {
        return new Allotment(budget(budget), new Grant(0, 0, true));
    }

    private static Budget budget(int connections) {
        return Budget.of("1", List.of(Limit.server(connections, 0, 0, OptionalInt.empty())), 0, 0);
    }

    private CapacityPlan plan(int replicas, PoolConfigMap published) {
        return new CapacityPlan(resource, target(replicas), published, new Measurements(), true, NOW);
    }

    private static Target target(int replicas) {
        return new Target(
                "uid",
                "1",
                replicas,
                QUARTER,
                false,
                OptionalDouble.empty(),
                Optional.empty(),
                IntStream.range(0, replicas).mapToObj(CapacityPlanTest::pod).toList());
    }

    private static Target.Pod pod(int number) {
        Instant began = NOW.minusSeconds(3600);
        return new Target.Pod(
                "uid-" + number,
                "shop-" + number,
                List.of("10.0.0." + number),
                began,
                began,
                Optional.of(began),
                true,
                false,
                OptionalLong.empty());
    }
}

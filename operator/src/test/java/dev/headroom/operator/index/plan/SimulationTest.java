package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final com.sun.management.ThreadMXBean THREAD =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void planningGrowsWithTheNumberOfIndexesAndNotFaster() {
        int small = 250;
        int large = 1000;

        List<String> atLarge = statements(many(large));
        double memory = (double) allocated(many(large)) / allocated(many(small));
        double processor = (double) processorTime(many(large)) / processorTime(many(small));

        assertThat(atLarge)
                .as("build, rename, comment, each with its transaction")
                .hasSize(5 * large);
        assertThat(memory).as("bytes for four times as many").isLessThan(6);
        assertThat(processor)
                .as("processor time for four times as many; sixteen if quadratic")
                .isLessThan(10);
    }

    @Test
    void tenIndexesOnFiveHundredPartitionsArePlannedCompletely() {
        Given given = new Given()
                .partitioned(IntStream.range(0, 500).mapToObj(i -> "p" + i).toArray(String[]::new));
        List<Desired> desired = IntStream.range(0, 10)
                .mapToObj(i -> Given.placed(Given.wantedOn("p", "ix" + i, "c" + i), "c" + i))
                .toList();
        IndexPlanner planner = new IndexPlanner(Given.OWNER, Removal.RETAIN, Map.of(), desired);

        Simulation.Result result = Simulation.play(planner, given.state());

        assertThat(result.statements())
                .hasSize(10)
                .allSatisfy((index, sql) -> assertThat(sql)
                        .filteredOn(each -> each.startsWith("CREATE INDEX CONCURRENTLY"))
                        .hasSize(500));
        assertThat(planner.plan(result.end()).entries())
                .extracting(IndexPlan.Entry::decision)
                .hasOnlyElementsOfType(Decision.Satisfied.class);
    }

    @Test
    void anIndexThatServedAnotherDeclarationAndMakesWayIsReplacedForBoth() {
        DatabaseState state =
                new Given().index("b", IndexState.VALID, null, "x").state();
        List<Desired> desired = List.of(Given.desired("a", "x"), Given.desired("b", "y"));
        IndexPlanner planner = new IndexPlanner(Given.OWNER, Removal.RETAIN, Map.of(), desired);

        DatabaseState end = Simulation.play(planner, state).end();

        assertThat(end.index(new Name("public", "b")).orElseThrow().shape()).isEqualTo(Given.shape("y"));
        assertThat(planner.plan(end).entries())
                .extracting(IndexPlan.Entry::decision)
                .hasOnlyElementsOfType(Decision.Satisfied.class);
    }

    @Test
    void aUniqueIndexWithoutThePartitionKeyIsRefusedBeforehand() {
        WantedIndex wanted = Given.wantedOn("p", "ix", "a");
        Desired unique = new Desired.Placed(wanted, new Known(Given.shape("a"), true, false));
        IndexPlanner planner = new IndexPlanner(Given.OWNER, Removal.RETAIN, Map.of(), List.of(unique));

        IndexPlan plan = planner.plan(new Given().partitioned("p1").state());

        assertThat(plan.entries().getFirst().decision())
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.why()).contains("partition key", "day"));
    }

    /** As many declared as there are on the same table, none of them equal. */
    private static Simulated many(int count) {
        Given given = new Given();
        List<Desired> desired = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            given.index("old" + i, Given.T, IndexState.VALID, null, IndexRole.PLAIN, false, "o" + i, "x");
            desired.add(Given.desired("ix" + i, "n" + i, "x"));
        }
        return new Simulated(new IndexPlanner(Given.OWNER, Removal.DROP, Map.of(), desired), given.state());
    }

    private record Simulated(IndexPlanner planner, DatabaseState state) {}

    private static List<String> statements(Simulated simulated) {
        return Simulation.play(simulated.planner(), simulated.state()).statements().values().stream()
                .flatMap(List::stream)
                .toList();
    }

    private static long allocated(Simulated simulated) {
        statements(simulated);
        long before = THREAD.getCurrentThreadAllocatedBytes();
        statements(simulated);
        return THREAD.getCurrentThreadAllocatedBytes() - before;
    }

    /** The best of several, since the compiler and the collector have their moments. */
    private static long processorTime(Simulated simulated) {
        return IntStream.range(0, 15)
                .mapToLong(i -> {
                    long before = THREAD.getCurrentThreadCpuTime();
                    statements(simulated);
                    return THREAD.getCurrentThreadCpuTime() - before;
                })
                .min()
                .orElseThrow();
    }
}

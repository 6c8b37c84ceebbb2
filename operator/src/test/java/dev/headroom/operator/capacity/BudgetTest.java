package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.Budget.Limit;
import dev.headroom.operator.capacity.BudgetLedger.Claim;
import dev.headroom.operator.capacity.BudgetLedger.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final int DECLARED = 10;
    private static final int OWN = 4;

    private static Budget budget(Limit... limits) {
        return Budget.of("7301", List.of(limits), DECLARED, OWN);
    }

    @Test
    void serverLimitWithoutTheReservedAndTheOthers() {
        Budget budget = budget(Limit.server(100, 3, 2, OptionalInt.of(21)));

        assertThat(budget.connections()).isEqualTo(70);
        assertThat(budget.arithmetic())
                .isEqualTo("budget 70 = max_connections 100 − 5 reserved for superusers − 21 observed peak of others"
                        + " − 4 of the operator");
    }

    @Test
    void declaredCountsWhereOthersAreUnknownOrFewer() {
        assertThat(budget(Limit.server(100, 3, 0, OptionalInt.empty())).connections())
                .isEqualTo(83);
        assertThat(budget(Limit.server(100, 3, 0, OptionalInt.of(1))).connections())
                .isEqualTo(83);
    }

    @Test
    void tightestLimitCounts() {
        Budget budget = budget(
                Limit.server(100, 3, 0, OptionalInt.of(20)),
                new Limit("CONNECTION LIMIT of database shop", Budget.UNLIMITED, 0, OptionalInt.of(20)),
                new Limit("CONNECTION LIMIT of role app", 40, 0, OptionalInt.of(0)));

        assertThat(budget.connections()).isEqualTo(26);
        assertThat(budget.arithmetic()).startsWith("budget 26 = CONNECTION LIMIT of role app 40");
    }

    @Test
    void budgetIsNeverNegative() {
        assertThat(budget(Limit.server(10, 3, 0, OptionalInt.of(9))).connections())
                .isZero();
    }

    @Test
    void refusalSaysTheArithmeticAndThreeWaysOut() {
        Budget budget = budget(Limit.server(20, 3, 0, OptionalInt.empty()));

        assertThat(budget.refusal(3, 4, 2, 1))
                .contains("budget 3 = max_connections 20", "4 pods × (2 of the pool + 1 outside it) need 12")
                .contains("raise max_connections by 9", "at most 1 pods", "PgBouncer");
        assertThat(budget.refusal(8, 4, 2, 1)).contains("lower pool.minPerReplica to 1");
    }

    @Test
    void sharesDivideWhatTheMinimaLeave() {
        Map<String, Grant> grants =
                BudgetLedger.divide(60, List.of(new Claim("a", 1, 1, 10, 100, 0), new Claim("b", 2, 2, 10, 100, 0)));

        assertThat(grants.get("a").entitled()).isEqualTo(20);
        assertThat(grants.get("b").entitled()).isEqualTo(40);
    }

    @Test
    void whatOneCannotUseGoesToTheOther() {
        Map<String, Grant> grants =
                BudgetLedger.divide(60, List.of(new Claim("a", 1, 1, 5, 12, 0), new Claim("b", 2, 1, 5, 100, 0)));

        assertThat(grants.get("a").entitled()).isEqualTo(12);
        assertThat(grants.get("b").entitled()).isEqualTo(48);
    }

    @Test
    void newcomerIsRefusedWhereMinimaDoNotFit() {
        Map<String, Grant> grants = BudgetLedger.divide(
                20, List.of(new Claim("new", 2, 5, 12, 100, 0), new Claim("old", 1, 1, 12, 100, 0)));

        assertThat(grants.get("new").refused()).isTrue();
        assertThat(grants.get("old")).isEqualTo(new Grant(20, 20, false));
    }

    @Test
    void newcomerWaitsUntilOthersHaveShrunk() {
        Map<String, Grant> grants = BudgetLedger.divide(
                60, List.of(new Claim("old", 1, 1, 10, 100, 55), new Claim("new", 2, 1, 10, 100, 0)));

        assertThat(grants.get("new")).isEqualTo(new Grant(30, 5, false));
        assertThat(grants.get("old").usable()).isEqualTo(30);
    }

    @Property(tries = 500)
    void entitlementsNeverExceedTheBudget(
            @ForAll @IntRange(max = 200) int budget, @ForAll List<@IntRange(min = 1, max = 40) Integer> minima) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < Math.min(minima.size(), 8); i++) {
            claims.add(new Claim("r" + i, i % 3, 1 + i % 4, minima.get(i), minima.get(i) * 3, minima.get(i)));
        }

        Map<String, Grant> grants = BudgetLedger.divide(budget, claims);

        assertThat(grants.values().stream().mapToInt(Grant::entitled).sum()).isLessThanOrEqualTo(budget);
        assertThat(grants.values()).allMatch(grant -> grant.usable() <= grant.entitled() && grant.usable() >= 0);
    }
}

package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.BudgetLedger.Claim;
import dev.headroom.operator.capacity.BudgetLedger.Grant;
import dev.headroom.operator.capacity.ServerConnections.Pods;
import dev.headroom.operator.capacity.control.BudgetShares.Use;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.DbPerformanceStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetSharesTest {

    private static final ResourceId SHOP = new ResourceId("prod", "shop", "1");
    private static final ResourceId BLOG = new ResourceId("prod", "blog", "2");
    private static final String SERVER = "7001";

    private final BudgetShares shares = new BudgetShares();

    @Test
    void twoResourcesDivideTheBudgetByShare() {
        grant(SHOP, use(SHOP, SERVER, 1, 0), true);

        Grant blog = grant(BLOG, use(BLOG, SERVER, 3, 0), true);
        Grant shop = grant(SHOP, use(SHOP, SERVER, 1, 0), true);

        assertThat(shop).isEqualTo(new Grant(25, 25, false));
        assertThat(blog).isEqualTo(new Grant(75, 75, false));
    }

    @Test
    void anotherServerIsAnotherBudget() {
        grant(SHOP, use(SHOP, "7002", 1, 90), true);

        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true).usable()).isEqualTo(100);
    }

    @Test
    void whatAnotherStillHoldsIsNotUsableYet() {
        grant(SHOP, use(SHOP, SERVER, 1, 80), true);

        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true)).isEqualTo(new Grant(50, 20, false));

        grant(SHOP, use(SHOP, SERVER, 1, 50), true);
        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true)).isEqualTo(new Grant(50, 50, false));
    }

    @Test
    void aResourceThatWasNotLookedAtYetCountsByItsStatus() {
        ResourceView shop = view(SHOP, "Apply", SERVER, 60, 50);

        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true, shop)).isEqualTo(new Grant(50, 40, false));

        grant(SHOP, use(SHOP, SERVER, 1, 10), true);
        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true, shop))
                .as("once looked at, its status is of no account")
                .isEqualTo(new Grant(50, 50, false));
    }

    @Test
    void aStatusOfAnotherServerOrWithoutPoolCountsNot() {
        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true, view(SHOP, "Apply", "7002", 60, 50))
                        .usable())
                .isEqualTo(100);
        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true, view(SHOP, "Apply", null, 0, 0))
                        .usable())
                .isEqualTo(100);
    }

    @Test
    void observedResourcesTakeNothingFromOthers() {
        Grant observed = grant(SHOP, use(SHOP, SERVER, 1, 40), false);

        assertThat(observed).as("it sees what it would get").isEqualTo(new Grant(100, 100, false));
        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true, view(SHOP, "Observe", SERVER, 40, 40))
                        .usable())
                .isEqualTo(100);
    }

    @Test
    void whatIsTurnedToObserveNoLongerCounts() {
        grant(SHOP, use(SHOP, SERVER, 1, 40), true);
        grant(SHOP, use(SHOP, SERVER, 1, 40), false);

        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true).usable()).isEqualTo(100);
    }

    @Test
    void whatIsForgottenLeavesItsPartToOthers() {
        grant(SHOP, use(SHOP, SERVER, 1, 0), true);
        grant(BLOG, use(BLOG, SERVER, 1, 0), true);

        shares.removeUse(SHOP);

        assertThat(grant(BLOG, use(BLOG, SERVER, 1, 0), true).usable()).isEqualTo(100);
    }

    @Test
    void aResourceMadeAnewUnderTheSameNameIsAnotherOne() {
        grant(SHOP, use(SHOP, SERVER, 1, 80), true);
        ResourceId anew = new ResourceId("prod", "shop", "3");
        shares.removeUse(SHOP);

        assertThat(grant(anew, use(anew, SERVER, 1, 0), true)).isEqualTo(new Grant(100, 100, false));
    }

    @Test
    void podsOfOthersAreThoseThatCountOnTheServer() {
        grant(SHOP, use(SHOP, SERVER, 1, 0), true);
        grant(BLOG, use(BLOG, "7002", 1, 0), true);
        ResourceId news = new ResourceId("prod", "news", "4");
        ResourceId watched = new ResourceId("prod", "watched", "5");
        grant(watched, use(watched, SERVER, 1, 0), false);
        List<ResourceView> others = List.of(
                view(SHOP, "Observe", SERVER, 0, 0),
                view(BLOG, "Apply", "7002", 0, 0),
                view(news, "Apply", null, 0, 0),
                view(watched, "Observe", null, 0, 0));

        List<Pods> pods =
                shares.podsOnServer(SERVER, others, other -> Set.of(other.id().name()));

        assertThat(pods)
                .as("one that has published, though it observes now, and one that nobody has looked at")
                .containsExactly(new Pods("shop", Set.of("shop"), 5), new Pods("", Set.of("news"), 0));
    }

    @Test
    void aLimitDividesOnlyWhomItAppliesTo() {
        Use shop = new Use(
                SERVER, "shop", new Claim("prod/shop", 10, 1, 8, 200, 0), Set.of("max_connections", "of role app"), 0);
        grant(BLOG, use(BLOG, SERVER, 1, 40), true);

        Grant grant = shares.grant(SHOP, shop, true, Map.of("max_connections", 100, "of role app", 20), List.of());

        assertThat(grant)
                .as("the other one holds 40 of the server, none of the role")
                .isEqualTo(new Grant(20, 20, false));
    }

    private Grant grant(ResourceId id, Use use, boolean acts, ResourceView... others) {
        return shares.grant(id, use, acts, Map.of("max_connections", 100), List.of(others));
    }

    /** Shop is the older one; each needs at least 8. */
    private static Use use(ResourceId id, String server, int share, int inForce) {
        Claim claim = new Claim(id.toString(), id.name().equals("shop") ? 10 : 20, share, 8, 200, inForce);
        return new Use(server, id.name(), claim, Set.of("max_connections"), 5);
    }

    private static ResourceView view(ResourceId id, String mode, String server, int mayHold, int granted) {
        return new ResourceView(
                id,
                Serialization.unmarshal("""
                        mode: %s
                        database: {credentialsSecretRef: {name: db}}
                        target: {name: shop}
                        pool: {}
                        """.formatted(mode), DbPerformanceSpec.class),
                Serialization.unmarshal(
                        server == null
                                ? "capacity: {}"
                                : "capacity: {pool: {server: \"%s\", budget: x, granted: %d, mayHold: %d}}"
                                        .formatted(server, granted, mayHold),
                        DbPerformanceStatus.class),
                Instant.ofEpochSecond(10),
                null,
                Pauses.NONE);
    }
}

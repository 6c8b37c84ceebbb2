package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Name;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.reconcile.Resources;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexClaimsTest {

    private static final String IX = "{name: ix, table: t, columns: [a]}";

    /** Of two that declare the same index: who has it. */
    @ParameterizedTest(name = "a: {0} since {1}, b: {2} since {3} → {4}")
    @CsvSource({
        "Apply,   1, Apply,   2, a",
        "Apply,   2, Apply,   1, b",
        "Observe, 1, Apply,   2, b",
        "Observe, 1, Observe, 2, a",
        "Apply,   1, Apply,   1, a"
    })
    void theOneWhoActsAndWasFirstHasIt(String modeOfA, int sinceA, String modeOfB, int sinceB, String owner) {
        ResourceView a = resource("a", modeOfA, sinceA, IX);
        ResourceView b = resource("b", modeOfB, sinceB, IX);
        ResourceView other = owner.equals("a") ? b : a;
        ResourceView first = owner.equals("a") ? a : b;
        assertThat(taken(first, other)).isEmpty();
        assertThat(taken(other, first)).isEqualTo(Map.of("ix", new ResourceId("prod", owner, "uid-" + owner)));
    }

    /** A name is one within a schema; an index without a schema may come to lie in any of the resource's. */
    @ParameterizedTest(name = "{0} and {1} → conflict: {2}")
    @CsvSource({"shop, shop, true", "shop, web, false", "'', web, true", "'', '', true", "'', audit, false"})
    void theSameNameIsAConflictWhereTheSchemasMeet(String first, String second, boolean conflict) {
        ResourceView a = resource("a", "Apply", 1, in(first));
        ResourceView b = resource("b", "Apply", 2, in(second));
        assertThat(taken(b, a).containsKey("ix")).isEqualTo(conflict);
    }

    @Test
    void ofThreeTheFirstIsNamed_andOnlyWhatIsSharedIsTaken() {
        ResourceView a = resource("a", "Apply", 1, IX);
        ResourceView b = resource("b", "Apply", 2, IX);
        ResourceView c = resource("c", "Apply", 3, IX + ", {name: mine, table: t, columns: [b]}");
        assertThat(taken(c, b, a)).isEqualTo(Map.of("ix", a.id()));
    }

    @Test
    void whatALivingSiblingDeclaresIsKnownInEachSchemaThatItMayLieIn() {
        ResourceView a = resource("a", "Apply", 1, IX);
        ResourceView b = resource("b", "Observe", 2, IX + ", {name: iy, table: t, columns: [a], schema: web}");
        ResourceView c = resource("c", "Apply", 3, "{name: iz, table: t, columns: [a]}");
        ResourceView leaving = new ResourceView(c.id(), c.spec(), null, c.created(), Instant.EPOCH, Pauses.NONE);

        assertThat(IndexClaims.of(a, List.of(b, leaving)).elsewhere())
                .isEqualTo(Map.of(
                        new Name("shop", "ix"), b.id(),
                        new Name("web", "ix"), b.id(),
                        new Name("web", "iy"), b.id()));
    }

    @Test
    void aNameIsClaimedInEachSchemaWithTheMode() {
        ResourceView a = resource("a", "Apply", 1, IX);
        assertThat(IndexClaims.names(a.spec())).isEqualTo(Map.of("index shop.ix", "APPLY", "index web.ix", "APPLY"));
    }

    private static Map<String, ResourceId> taken(ResourceView resource, ResourceView... siblings) {
        Map<String, ResourceId> taken = new HashMap<>();
        IndexClaims.of(resource, List.of(siblings)).taken().forEach((index, by) -> taken.put(index.name(), by));
        return taken;
    }

    private static ResourceView resource(String name, String mode, int since, String declared) {
        return ResourceView.of(Resources.resource(name, mode, since, declared));
    }

    private static String in(String schema) {
        return "{name: ix, table: t, columns: [a]" + (schema.isEmpty() ? "" : ", schema: " + schema) + "}";
    }
}

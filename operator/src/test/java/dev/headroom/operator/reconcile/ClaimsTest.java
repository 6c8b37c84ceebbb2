package dev.headroom.operator.reconcile;

import static dev.headroom.operator.reconcile.Resources.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Name;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {

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
        DbPerformance a = resource("a", modeOfA, sinceA, IX);
        DbPerformance b = resource("b", modeOfB, sinceB, IX);
        List<DbPerformance> both = List.of(b, a);
        DbPerformance other = owner.equals("a") ? b : a;
        assertThat(Claims.takenFrom(owner.equals("a") ? a : b, both)).isEmpty();
        assertThat(Claims.takenFrom(other, both))
                .isEqualTo(Map.of("ix", new ResourceId("prod", owner, "uid-" + owner)));
    }

    /** A name is one within a schema; an index without a schema may come to lie in any of the resource's. */
    @ParameterizedTest(name = "{0} and {1} → conflict: {2}")
    @CsvSource({"shop, shop, true", "shop, web, false", "'', web, true", "'', '', true", "'', audit, false"})
    void theSameNameIsAConflictWhereTheSchemasMeet(String first, String second, boolean conflict) {
        DbPerformance a = resource("a", "Apply", 1, in(first));
        DbPerformance b = resource("b", "Apply", 2, in(second));
        assertThat(Claims.takenFrom(b, List.of(a, b)).containsKey("ix")).isEqualTo(conflict);
    }

    @Test
    void ofThreeTheFirstIsNamed_andOnlyWhatIsSharedIsTaken() {
        DbPerformance a = resource("a", "Apply", 1, IX);
        DbPerformance b = resource("b", "Apply", 2, IX);
        DbPerformance c = resource("c", "Apply", 3, IX + ", {name: mine, table: t, columns: [b]}");
        assertThat(Claims.takenFrom(c, List.of(b, c, a))).isEqualTo(Map.of("ix", Claims.idOf(a)));
    }

    @Test
    void whatALivingNeighbourDeclaresIsKnownInEachSchemaThatItMayLieIn() {
        DbPerformance a = resource("a", "Apply", 1, IX);
        DbPerformance b = resource("b", "Observe", 2, IX + ", {name: iy, table: t, columns: [a], schema: web}");
        DbPerformance leaving = resource("c", "Apply", 3, "{name: iz, table: t, columns: [a]}");
        leaving.getMetadata().setDeletionTimestamp(Resources.at(4));

        assertThat(Claims.declaredElsewhere(a, List.of(a, b, leaving)))
                .isEqualTo(Map.of(
                        new Name("shop", "ix"), Claims.idOf(b),
                        new Name("web", "ix"), Claims.idOf(b),
                        new Name("web", "iy"), Claims.idOf(b)));
    }

    @Test
    void twoOverlapWhenTheyNameTheSameIndex() {
        DbPerformance a = resource("a", "Apply", 1, IX);
        assertThat(Claims.overlap(Set.of("ix", "other"), a)).isTrue();
        assertThat(Claims.overlap(Set.of("other"), a)).isFalse();
    }

    private static String in(String schema) {
        return "{name: ix, table: t, columns: [a]" + (schema.isEmpty() ? "" : ", schema: " + schema) + "}";
    }
}

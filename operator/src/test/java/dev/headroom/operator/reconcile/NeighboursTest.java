package dev.headroom.operator.reconcile;

import static dev.headroom.operator.reconcile.Resources.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DbPerformance;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NeighboursTest {

    private static final String IX = "{name: ix, table: t, columns: [a]}";

    private final Cached cache = new Cached();
    private final List<String> woken = new ArrayList<>();
    private final Neighbours neighbours = new Neighbours(id -> woken.add(id.getName()));
    private final DbPerformance first = cache.with(resource("first", "Apply", 1, IX));
    private final DbPerformance second = cache.with(resource("second", "Apply", 2, IX));

    @Test
    void whoeverIsWokenByADeparture_findsFreeWhatItClaimed_alsoWhileTheCacheStillHasIt() {
        neighbours.moved(first, cache);
        neighbours.moved(second, cache);
        woken.clear();
        assertThat(Claims.takenFrom(second, neighbours.of(second, cache))).containsOnlyKeys("ix");

        neighbours.letsGo(first, cache);

        assertThat(woken).containsExactly("second");
        assertThat(Claims.takenFrom(second, neighbours.of(second, cache))).isEmpty();
    }

    @Test
    void oneOfTheSameNameThatComesLaterHasItsClaims() {
        neighbours.moved(first, cache);
        neighbours.letsGo(first, cache);
        DbPerformance again = resource("first", "Apply", 0, IX);
        again.getMetadata().setUid("uid-again");
        cache.with(again);

        neighbours.moved(again, cache);

        assertThat(neighbours.of(second, cache)).contains(again);
        assertThat(Claims.takenFrom(second, neighbours.of(second, cache))).containsOnlyKeys("ix");
    }

    @Test
    void whatChangesItsClaims_wakesThoseWhoShareThem_andOnlyThem() {
        cache.with(resource("third", "Apply", 3, "{name: other, table: t, columns: [a]}"));
        neighbours.moved(first, cache);
        assertThat(woken).containsExactly("second");

        neighbours.moved(first, cache);
        assertThat(woken).hasSize(1);

        neighbours.moved(cache.with(resource("first", "Apply", 1, "")), cache);
        assertThat(woken).containsExactly("second", "second");
    }

    /** What the informer has, as much of it as is asked here. */
    private static final class Cached implements IndexedResourceCache<DbPerformance> {
        private final Map<ResourceID, DbPerformance> resources = new LinkedHashMap<>();

        DbPerformance with(DbPerformance resource) {
            resources.put(ResourceID.fromResource(resource), resource);
            return resource;
        }

        @Override
        public List<DbPerformance> byIndex(String index, String key) {
            return resources.values().stream()
                    .filter(resource -> Neighbours.key(resource).contains(key))
                    .toList();
        }

        @Override
        public Stream<DbPerformance> list(String namespace, Predicate<DbPerformance> wanted) {
            return list(wanted);
        }

        @Override
        public Stream<DbPerformance> list(Predicate<DbPerformance> wanted) {
            return resources.values().stream().filter(wanted);
        }

        @Override
        public Optional<DbPerformance> get(ResourceID id) {
            return Optional.ofNullable(resources.get(id));
        }

        @Override
        public Stream<ResourceID> keys() {
            return resources.keySet().stream();
        }
    }
}

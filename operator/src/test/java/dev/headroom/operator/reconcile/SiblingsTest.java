package dev.headroom.operator.reconcile;

import static dev.headroom.operator.reconcile.Resources.resource;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexDeclaration;
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

class SiblingsTest {

    private static final String IX = "{name: ix, table: t, columns: [a]}";

    private final Cached cache = new Cached();
    private final List<String> woken = new ArrayList<>();
    private final Siblings siblings = new Siblings(
            spec -> spec.indexes().declared().stream().collect(toMap(IndexDeclaration::name, index -> "")),
            other -> woken.add(other.getMetadata().getName()));
    private final DbPerformance first = cache.with(resource("first", "Apply", 1, IX));
    private final DbPerformance second = cache.with(resource("second", "Apply", 2, IX));

    @Test
    void aCleanedUpResourceIsNoSiblingAlthoughTheCacheHasIt() {
        siblings.claimsChanged(first, cache);
        siblings.claimsChanged(second, cache);
        woken.clear();
        assertThat(siblings.of(second, cache)).containsExactly(ResourceView.of(first));

        siblings.cleanedUp(first, cache);

        assertThat(woken).containsExactly("second");
        assertThat(siblings.of(second, cache)).isEmpty();
    }

    @Test
    void aResourceThatWasBeingDeletedAtTheStartWakesItsSiblings() {
        siblings.cleanedUp(first, cache);

        assertThat(woken).containsExactly("second");
    }

    @Test
    void aResourceThatVanishedWithoutACleanUpWakesItsSiblings() {
        siblings.claimsChanged(first, cache);
        woken.clear();
        cache.resources.remove(ResourceID.fromResource(first));

        siblings.keepOnlyCached(cache);

        assertThat(woken).containsExactly("second");
    }

    @Test
    void aLaterResourceOfTheSameNameIsASibling() {
        siblings.claimsChanged(first, cache);
        siblings.cleanedUp(first, cache);
        DbPerformance again = resource("first", "Apply", 0, IX);
        again.getMetadata().setUid("uid-again");
        cache.with(again);

        siblings.claimsChanged(again, cache);

        assertThat(siblings.of(second, cache)).containsExactly(ResourceView.of(again));
    }

    @Test
    void changedClaimsWakeOnlyThoseThatShareThem() {
        cache.with(resource("third", "Apply", 3, "{name: other, table: t, columns: [a]}"));
        siblings.claimsChanged(first, cache);
        assertThat(woken).containsExactly("second");

        siblings.claimsChanged(first, cache);
        assertThat(woken).hasSize(1);

        siblings.claimsChanged(cache.with(resource("first", "Apply", 1, "")), cache);
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
                    .filter(resource -> Siblings.key(resource).contains(key))
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

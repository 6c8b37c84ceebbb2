package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The resources on one database. When one changes its claims, those that share a claim are looked at again. */
final class Siblings {

    /** Name of the index of the primary cache. */
    static final String BY_DATABASE = "database";

    private final Map<ResourceID, Claims> last = new ConcurrentHashMap<>();
    /** By uid: those that are cleaned up and still in the cache. */
    private final Set<String> cleanedUp = ConcurrentHashMap.newKeySet();

    private final Function<DbPerformanceSpec, Map<String, String>> claims;
    private final Consumer<DbPerformance> wake;

    /** @param claims what a spec lays claim to in its database, each with a value */
    Siblings(Function<DbPerformanceSpec, Map<String, String>> claims, Consumer<DbPerformance> wake) {
        this.claims = claims;
        this.wake = wake;
    }

    static List<String> key(DbPerformance resource) {
        return resource.getSpec() == null ? List.of() : List.of(databaseOf(resource));
    }

    /** What concerns may ask about the resources beside this one. */
    Pass.OtherResources lookup(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        return new Pass.OtherResources() {
            @Override
            public List<ResourceView> onSameDatabase() {
                return of(resource, cache);
            }

            @Override
            public List<ResourceView> all() {
                return others(resource, cache.list());
            }

            @Override
            public Set<String> names() {
                return cache.list().map(each -> ResourceId.of(each).toString()).collect(Collectors.toSet());
            }
        };
    }

    List<ResourceView> of(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        return others(resource, cache.byIndex(BY_DATABASE, databaseOf(resource)).stream());
    }

    private List<ResourceView> others(DbPerformance resource, Stream<DbPerformance> all) {
        return all.filter(other -> !uid(other).equals(uid(resource)) && !cleanedUp.contains(uid(other)))
                .map(ResourceView::of)
                .toList();
    }

    /** Wakes the resources that share a claim which came, went or changed since the last call. */
    void claimsChanged(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        Claims now = claimsOf(resource);
        Claims before = last.put(ResourceID.fromResource(resource), now);
        if (!now.equals(before)) {
            wakeSharing(resource, now, cache);
            if (before != null) {
                wakeSharing(resource, before, cache);
            }
        }
    }

    /**
     * A resource gives up its claims, although the cache has it until its finalizer is gone: a sibling that looked before that
     * would find nothing free, and nobody would wake it again.
     */
    void cleanedUp(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        Set<String> cached = cache.list().map(Siblings::uid).collect(Collectors.toSet());
        cleanedUp.retainAll(cached);
        cleanedUp.add(uid(resource));
        Claims before = last.remove(ResourceID.fromResource(resource));
        // After a restart in the middle of a deletion nobody has noted what it claimed.
        wakeSharing(resource, before == null ? claimsOf(resource) : before, cache);
    }

    /** Forgets what vanished from the cache without a clean-up, and wakes those that shared its claims. */
    void keepOnlyCached(IndexedResourceCache<DbPerformance> cache) {
        for (ResourceID id : List.copyOf(last.keySet())) {
            if (cache.get(id).isEmpty()) {
                Claims gone = last.remove(id);
                if (gone != null) {
                    wakeSharing(id, gone, cache);
                }
            }
        }
    }

    private Claims claimsOf(DbPerformance resource) {
        return new Claims(databaseOf(resource), claims.apply(resource.getSpec()));
    }

    private void wakeSharing(DbPerformance resource, Claims changed, IndexedResourceCache<DbPerformance> cache) {
        wakeSharing(ResourceID.fromResource(resource), changed, cache);
    }

    private void wakeSharing(ResourceID self, Claims changed, IndexedResourceCache<DbPerformance> cache) {
        for (DbPerformance other : cache.byIndex(BY_DATABASE, changed.database())) {
            boolean shares = !Collections.disjoint(
                    changed.values().keySet(), claims.apply(other.getSpec()).keySet());
            if (shares && !ResourceID.fromResource(other).equals(self)) {
                wake.accept(other);
            }
        }
    }

    /** A host that only the Secret names is known by that Secret, which is one of its namespace. */
    private static String databaseOf(DbPerformance resource) {
        DatabaseSpec database = resource.getSpec().database();
        return database.host() == null || database.name() == null
                ? resource.getMetadata().getNamespace() + "/"
                        + database.credentialsSecretRef().name() + "/" + database.identity()
                : database.identity();
    }

    private static String uid(DbPerformance resource) {
        return resource.getMetadata().getUid();
    }

    private record Claims(String database, Map<String, String> values) {}
}

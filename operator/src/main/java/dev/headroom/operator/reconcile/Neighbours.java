package dev.headroom.operator.reconcile;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexDeclaration;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The resources on one database. When one changes its claims, those that share one are looked at again. */
final class Neighbours {

    /** Name of the index of the primary cache. */
    static final String BY_DATABASE = "database";

    private final Map<ResourceID, Claim> last = new ConcurrentHashMap<>();
    /** By uid: those that have let go and that the cache still has. */
    private final Set<String> departed = ConcurrentHashMap.newKeySet();

    private final Consumer<ResourceID> wake;

    Neighbours(Consumer<ResourceID> wake) {
        this.wake = wake;
    }

    static List<String> key(DbPerformance resource) {
        return resource.getSpec() == null ? List.of() : List.of(databaseOf(resource));
    }

    List<DbPerformance> of(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        return at(databaseOf(resource), cache).stream()
                .filter(other -> !departed.contains(other.getMetadata().getUid()))
                .toList();
    }

    /** A host that only the Secret names is known by that Secret, which is one of its namespace. */
    private static String databaseOf(DbPerformance resource) {
        DatabaseSpec database = resource.getSpec().database();
        return database.host() == null || database.name() == null
                ? resource.getMetadata().getNamespace() + "/"
                        + database.credentialsSecretRef().name() + "/" + database.identity()
                : database.identity();
    }

    private static List<DbPerformance> at(String database, IndexedResourceCache<DbPerformance> cache) {
        return cache.byIndex(BY_DATABASE, database);
    }

    /** Notes what a resource claims now, and wakes those whom the difference concerns. */
    void moved(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        ResourceID id = ResourceID.fromResource(resource);
        Claim now = Claim.of(resource);
        Claim before = last.put(id, now);
        if (!now.equals(before)) {
            wakeAll(id, now, cache);
            if (before != null) {
                wakeAll(id, before, cache);
            }
        }
    }

    /**
     * A resource lets go of what it claimed. From here on it counts no more, although the cache has it until its
     * finalizer is gone: a neighbour that looked before that would find nothing free, and nobody would wake it again.
     */
    void letsGo(DbPerformance resource, IndexedResourceCache<DbPerformance> cache) {
        Set<String> cached =
                cache.list().map(each -> each.getMetadata().getUid()).collect(Collectors.toSet());
        departed.retainAll(cached);
        departed.add(resource.getMetadata().getUid());
        ResourceID id = ResourceID.fromResource(resource);
        Claim before = last.remove(id);
        if (before != null) {
            wakeAll(id, before, cache);
        }
    }

    private void wakeAll(ResourceID self, Claim claim, IndexedResourceCache<DbPerformance> cache) {
        for (DbPerformance other : at(claim.database(), cache)) {
            ResourceID id = ResourceID.fromResource(other);
            if (!id.equals(self) && Claims.overlap(claim.indexes(), other)) {
                wake.accept(id);
            }
        }
    }

    private record Claim(String database, Set<String> indexes, boolean acting) {
        static Claim of(DbPerformance resource) {
            return new Claim(
                    databaseOf(resource),
                    resource.getSpec().indexes().declared().stream()
                            .map(IndexDeclaration::name)
                            .collect(Collectors.toCollection(HashSet::new)),
                    resource.getSpec().indexMode() == dev.headroom.operator.crd.Mode.APPLY);
        }
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.insight.Name;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.Mode;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose an index is when several resources on one database declare it: theirs who act before theirs who observe, then
 * the oldest's, then by name. One that is being deleted keeps its claims until it lets go ({@link Neighbours}).
 */
public final class Claims {

    private static final Comparator<DbPerformance> FIRST_COME = Comparator.<DbPerformance, Boolean>comparing(
                    resource -> resource.getSpec().indexMode() != Mode.APPLY)
            .thenComparing(resource -> resource.getMetadata().getCreationTimestamp())
            .thenComparing(resource -> resource.getMetadata().getNamespace())
            .thenComparing(resource -> resource.getMetadata().getName());

    private Claims() {}

    /** The declared indexes of {@code resource}, by name, that belong to one of its neighbours. */
    public static Map<String, ResourceId> takenFrom(DbPerformance resource, Collection<DbPerformance> neighbours) {
        List<DbPerformance> earlier = neighbours.stream()
                .filter(other -> !isSame(other, resource) && FIRST_COME.compare(other, resource) < 0)
                .sorted(FIRST_COME)
                .toList();
        Map<String, ResourceId> taken = new HashMap<>();
        for (DbPerformance other : earlier) {
            for (IndexDeclaration index : resource.getSpec().indexes().declared()) {
                if (declares(other, index, schemas(resource, index))) {
                    taken.putIfAbsent(index.name(), idOf(other));
                }
            }
        }
        return Map.copyOf(taken);
    }

    /** The indexes that neighbours declare which are not being deleted, wherever they may come to lie. */
    public static Map<Name, ResourceId> declaredElsewhere(
            DbPerformance resource, Collection<DbPerformance> neighbours) {
        Map<Name, ResourceId> elsewhere = new HashMap<>();
        for (DbPerformance other : neighbours) {
            if (!isSame(other, resource) && other.getMetadata().getDeletionTimestamp() == null) {
                for (IndexDeclaration index : other.getSpec().indexes().declared()) {
                    schemas(other, index)
                            .forEach(schema -> elsewhere.putIfAbsent(new Name(schema, index.name()), idOf(other)));
                }
            }
        }
        return Map.copyOf(elsewhere);
    }

    /** Whether a change of one may change what the other may do. */
    static boolean overlap(Set<String> names, DbPerformance other) {
        return other.getSpec().indexes().declared().stream().anyMatch(index -> names.contains(index.name()));
    }

    public static ResourceId idOf(DbPerformance resource) {
        return new ResourceId(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                resource.getMetadata().getUid());
    }

    /** An index has its name within a schema. */
    private static boolean declares(DbPerformance other, IndexDeclaration index, Set<String> schemas) {
        return other.getSpec().indexes().declared().stream()
                .filter(theirs -> theirs.name().equals(index.name()))
                .anyMatch(theirs -> schemas(other, theirs).stream().anyMatch(schemas::contains));
    }

    /** Where an index may come to lie. */
    private static Set<String> schemas(DbPerformance resource, IndexDeclaration index) {
        return index.schema() != null
                ? Set.of(index.schema())
                : new HashSet<>(resource.getSpec().database().schemas());
    }

    private static boolean isSame(DbPerformance one, DbPerformance other) {
        return one.getMetadata().getUid().equals(other.getMetadata().getUid());
    }
}

package dev.headroom.operator.index;

import dev.headroom.insight.Name;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.Mode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which resource owns an index that several resources on one database declare: first those in Apply, then the oldest, then by name. A
 * resource that is being deleted keeps its claims until it is cleaned up (decision 0054).
 *
 * @param taken the declarations of this resource whose index belongs to another one: a conflict here
 * @param elsewhere the indexes that other living resources declare, in each schema in which they may come to lie: they go on
 *     serving when this resource has no more use for them
 */
record IndexClaims(Map<IndexDeclaration, ResourceId> taken, Map<Name, ResourceId> elsewhere) {

    private static final Comparator<ResourceView> FIRST_COME = Comparator.<ResourceView, Boolean>comparing(
                    resource -> resource.spec().indexMode() != Mode.APPLY)
            .thenComparing(ResourceView::created)
            .thenComparing(resource -> resource.id().namespace())
            .thenComparing(resource -> resource.id().name());

    static IndexClaims of(Pass pass) {
        return of(pass.resource(), pass.siblings());
    }

    static IndexClaims of(ResourceView resource, List<ResourceView> siblings) {
        Map<IndexDeclaration, ResourceId> taken = new HashMap<>();
        Map<Name, ResourceId> elsewhere = new HashMap<>();
        for (ResourceView other : siblings.stream().sorted(FIRST_COME).toList()) {
            if (FIRST_COME.compare(other, resource) < 0) {
                for (IndexDeclaration index : resource.spec().indexes().declared()) {
                    if (declares(other.spec(), index, schemas(resource.spec(), index))) {
                        taken.putIfAbsent(index, other.id());
                    }
                }
            }
            if (other.deletedAt() == null) {
                for (IndexDeclaration index : other.spec().indexes().declared()) {
                    schemas(other.spec(), index)
                            .forEach(schema -> elsewhere.putIfAbsent(new Name(schema, index.name()), other.id()));
                }
            }
        }
        return new IndexClaims(Map.copyOf(taken), Map.copyOf(elsewhere));
    }

    /** The names that a resource claims, in each schema in which they may come to lie, with the mode in which it does. */
    static Map<String, String> names(DbPerformanceSpec spec) {
        Map<String, String> names = new HashMap<>();
        spec.indexes()
                .declared()
                .forEach(index -> schemas(spec, index)
                        .forEach(schema -> names.put(
                                "index " + schema + "." + index.name(),
                                spec.indexMode().name())));
        return names;
    }

    /** An index has its name within a schema. */
    private static boolean declares(DbPerformanceSpec other, IndexDeclaration index, Set<String> schemas) {
        return other.indexes().declared().stream()
                .filter(theirs -> theirs.name().equals(index.name()))
                .anyMatch(theirs -> schemas(other, theirs).stream().anyMatch(schemas::contains));
    }

    /** Where an index may come to lie. */
    private static Set<String> schemas(DbPerformanceSpec spec, IndexDeclaration index) {
        return index.schema() != null
                ? Set.of(index.schema())
                : new HashSet<>(spec.database().schemas());
    }
}

package dev.headroom.operator.concern;

import dev.headroom.operator.crd.DbPerformance;

/**
 * Identity of a resource.
 *
 * @param uid changes when a resource is deleted and created again under the same name; of a file on a laptop, its name
 */
public record ResourceId(String namespace, String name, String uid) {

    public static ResourceId of(DbPerformance resource) {
        return new ResourceId(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                resource.getMetadata().getUid());
    }

    /** For people: namespace/name. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}

package dev.headroom.operator.concern;

/**
 * Whose wishes these are.
 *
 * @param uid changes when a resource is deleted and created again under the same name; of a file on a laptop, its name
 */
public record ResourceId(String namespace, String name, String uid) {

    /** For people: namespace/name. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}

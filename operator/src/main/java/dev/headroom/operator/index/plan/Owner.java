package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import java.util.Optional;
import java.util.Set;

/**
 * The resource for which is planned. It owns what a resource of its namespace/name in its cluster built, also one that had another
 * uid (decision 0145).
 *
 * @param tag stands in the names of what it builds
 */
public record Owner(String cluster, String resource, String uid, Adoption adoption, String tag) {

    /**
     * Whether indexes are taken over from owners that are gone.
     *
     * @param existing the resources of this cluster that are not gone, as namespace/name
     */
    public record Adoption(boolean always, Set<String> existing) {
        public static final Adoption IF_RECREATED = new Adoption(false, Set.of());
    }

    public Owner(String cluster, String resource, String uid, Adoption adoption) {
        this(cluster, resource, uid, adoption, Names.digest(8, cluster, resource) + "_");
    }

    public boolean owns(Index index) {
        return Mark.read(index.comment()).filter(this::isOurs).isPresent();
    }

    public boolean isOurs(Mark mark) {
        return mark.cluster() == null
                ? uid.equals(mark.uid())
                : cluster.equals(mark.cluster()) && resource.equals(mark.resource());
    }

    /** Released, or of an owner that is gone where those are adopted; or ours with a mark that does not say the cluster yet. */
    boolean shouldClaim(Index index) {
        return Mark.read(index.comment())
                .filter(mark -> (mark.cluster() == null && isOurs(mark)) || isFree(mark))
                .isPresent();
    }

    /** Ours, or to be had. */
    boolean mayTake(Index index) {
        return Mark.read(index.comment())
                .filter(mark -> isOurs(mark) || isFree(mark))
                .isPresent();
    }

    private boolean isFree(Mark mark) {
        return mark.isReleased() || (!isOurs(mark) && adoption.always() && !existsHere(mark));
    }

    private boolean existsHere(Mark mark) {
        return (mark.cluster() == null || mark.cluster().equals(cluster))
                && !mark.resource().equals(resource)
                && adoption.existing().contains(mark.resource());
    }

    /** Another resource that owns it, for people; empty where the index may be taken over. */
    Optional<String> otherOwner(Index index) {
        return Mark.read(index.comment())
                .filter(mark -> !isOurs(mark) && !isFree(mark))
                .map(mark -> mark.resource()
                        + (mark.cluster() == null || mark.cluster().equals(cluster) ? "" : " of another cluster"));
    }
}

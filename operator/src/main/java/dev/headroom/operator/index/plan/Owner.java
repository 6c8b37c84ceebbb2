package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.operator.crd.IndexStatus.Origin;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    /**
     * Whose index it is, written on it as its comment. Only an index with a mark of one's own is ever dropped.
     *
     * @param cluster the identity of the resource's cluster; null on a mark from before marks had one, and on a released one
     * @param uid the uid of the resource; null once it released the index, which anyone may take over then
     * @param resource its namespace/name
     * @param definition the fingerprint of the declaration it was built from
     */
    public record Mark(
            @Nullable String cluster, @Nullable String uid, String resource, String definition, Origin origin) {
        /** How every mark begins. */
        public static final String PREFIX = "headroom.dev/v1 ";

        private static final Pattern FORM = Pattern.compile(
                Pattern.quote(PREFIX.strip())
                        + "(?: cluster=(\\S+))?(?: owner=(\\S+)| released) resource=(\\S+) definition=([0-9a-f]+) origin=(\\w+)");

        public static Mark of(Owner owner, WantedIndex wanted) {
            return new Mark(owner.cluster(), owner.uid(), owner.resource(), wanted.fingerprint(), wanted.origin());
        }

        public static Optional<Mark> read(@Nullable String comment) {
            Matcher parts = FORM.matcher(comment == null ? "" : comment);
            return parts.matches()
                    ? Optional.of(new Mark(
                            decode(parts.group(1)),
                            decode(parts.group(2)),
                            String.valueOf(decode(parts.group(3))),
                            parts.group(4),
                            parts.group(5).equals("foreignkey") ? Origin.FOREIGN_KEY : Origin.DECLARED))
                    : Optional.empty();
        }

        public boolean isReleased() {
            return uid == null;
        }

        public Mark released() {
            return new Mark(null, null, resource, definition, origin);
        }

        public String comment() {
            return PREFIX.strip() + (cluster == null ? "" : " cluster=" + encode(cluster))
                    + (uid == null ? " released" : " owner=" + encode(uid)) + " resource=" + encode(resource)
                    + " definition=" + definition + " origin="
                    + (origin == Origin.FOREIGN_KEY ? "foreignkey" : "declared");
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
        }

        private static @Nullable String decode(@Nullable String text) {
            return text == null || (text.indexOf('%') < 0 && text.indexOf('+') < 0)
                    ? text
                    : URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }
}

package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import java.util.Optional;

/**
 * The resource for which is planned: the uid decides what is its own, the name is for people, and the tag stands in the
 * names of what it builds.
 */
public record Owner(String uid, String resource, String tag) {

    public Owner(String uid, String resource) {
        this(uid, resource, Names.digest(8, uid) + "_");
    }

    public boolean owns(Index index) {
        return Mark.read(index.comment()).map(Mark::owner).filter(uid::equals).isPresent();
    }

    /** Built for a resource that said good-bye to it: whoever wants it next takes it over. */
    static boolean isReleased(Index index) {
        return Mark.read(index.comment()).filter(mark -> mark.owner() == null).isPresent();
    }

    /** How the comment of each of its indexes begins. */
    public String commentPrefix() {
        return Mark.prefix(uid);
    }

    /** The other resource that owns it. */
    Optional<String> otherOwner(Index index) {
        return Mark.read(index.comment())
                .filter(mark -> mark.owner() != null && !uid.equals(mark.owner()))
                .map(Mark::resource);
    }
}

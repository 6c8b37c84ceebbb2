package dev.headroom.operator.index.plan;

import dev.headroom.operator.crd.IndexStatus.Origin;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose index it is, written on it as its comment. Only an index with a mark of one's own is ever dropped.
 *
 * @param cluster the identity of the resource's cluster; null on a mark from before marks had one, and on a released one
 * @param uid the uid of the resource; null once it released the index, which anyone may take over then
 * @param resource its namespace/name
 * @param definition the fingerprint of the declaration it was built from
 */
public record Mark(@Nullable String cluster, @Nullable String uid, String resource, String definition, Origin origin) {
    /** How every mark begins. */
    public static final String PREFIX = "headroom.dev/v1 ";

    private static final Pattern FORM = Pattern.compile(Pattern.quote(PREFIX.strip())
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
                + " definition=" + definition + " origin=" + (origin == Origin.FOREIGN_KEY ? "foreignkey" : "declared");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    private static @Nullable String decode(@Nullable String text) {
        return text == null ? null : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}

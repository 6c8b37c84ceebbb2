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
 * Who built an index, written on it as its comment. Only an index with a mark of one's own is ever dropped.
 *
 * @param owner the uid of the resource; null once the resource is gone, which makes the index anyone's to take over
 * @param resource its namespace and name, for people
 * @param definition the fingerprint of the declaration it was built from
 */
public record Mark(@Nullable String owner, String resource, String definition, Origin origin) {
    private static final Pattern FORM = Pattern.compile(
            "headroom\\.dev/v1 (?:owner=(\\S+)|released) resource=(\\S+) definition=([0-9a-f]+) origin=(\\w+)");

    public static Mark of(Owner owner, WantedIndex wanted) {
        return new Mark(owner.uid(), owner.resource(), wanted.fingerprint(), wanted.origin());
    }

    public static Optional<Mark> read(@Nullable String comment) {
        Matcher parts = FORM.matcher(comment == null ? "" : comment);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String owner = parts.group(1);
        return Optional.of(new Mark(
                owner == null ? null : decode(owner),
                decode(parts.group(2)),
                parts.group(3),
                parts.group(4).equals("foreignkey") ? Origin.FOREIGN_KEY : Origin.DECLARED));
    }

    public Mark released() {
        return new Mark(null, resource, definition, origin);
    }

    public String comment() {
        return (owner == null ? "headroom.dev/v1 released " : prefix(owner)) + "resource=" + encode(resource)
                + " definition=" + definition + " origin=" + (origin == Origin.FOREIGN_KEY ? "foreignkey" : "declared");
    }

    static String prefix(String owner) {
        return "headroom.dev/v1 owner=" + encode(owner) + " ";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}

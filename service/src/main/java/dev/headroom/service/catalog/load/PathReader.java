package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.PathPattern;
import dev.headroom.service.catalog.Place;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** Reads an entry's path. */
final class PathReader {
    private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private PathReader() {}

    static PathPattern read(String text, Place place, Mistakes mistakes) {
        PathPattern path = PathPattern.parse(text);
        if (!text.startsWith("/") || text.contains("//")) {
            mistakes.add(
                    place,
                    "path '" + text + "' must begin with one slash and have no empty part",
                    "as in /topics/{id}");
        }
        for (PathPattern.Segment segment : path.segments()) {
            Pattern form = segment.parameter() ? PARAMETER : LITERAL;
            if (!form.matcher(segment.text()).matches() || segment.text().matches("\\.{1,2}")) {
                mistakes.add(
                        place,
                        "path '" + text + "' has a part that is neither a word nor a {parameter}",
                        "letters, digits and . _ ~ - make a word; a parameter is a whole part");
            }
        }
        List<String> names = path.parameters();
        if (new HashSet<>(names).size() < names.size()) {
            mistakes.add(place, "path '" + text + "' has a parameter twice", "give each its own name");
        }
        return path;
    }
}

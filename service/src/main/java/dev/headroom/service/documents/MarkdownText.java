package dev.headroom.service.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A markdown file as lines: its front matter, and the fenced blocks of its text with the headings above them. */
final class MarkdownText {
    // Nothing here is tried in two ways: a line may be as long as a file, and anybody's.
    private static final Pattern HEADING = Pattern.compile(" {0,3}#{1,6}(?:[ \\t](.*))?");
    private static final Pattern UNDERLINE = Pattern.compile(" {0,3}(?:=+|-+)[ \\t]*");
    private static final Pattern NO_PARAGRAPH = Pattern.compile("[ \\t]*(?:[-+*>|#].*|\\d+[.)].*)?");
    private static final Pattern FENCE = Pattern.compile("( {0,3})(`{3,}|~{3,})(.*)");
    private static final String MATTER = "---";

    private final List<String> lines;
    private final int textFrom;

    /** A piece of YAML and the file's line at which it begins. */
    record Yaml(String text, int line) {}

    /** A fenced block, and the nearest heading above it, if there is one. */
    record Block(Yaml yaml, @Nullable String heading) {}

    MarkdownText(String text) {
        lines = text.lines().toList();
        int end = 0;
        if (beginsWithMatter(text)) {
            for (int at = 1; at < lines.size() && end == 0; at++) {
                String line = lines.get(at).stripTrailing();
                end = line.equals(MATTER) || line.equals("...") ? at : 0;
            }
        }
        textFrom = end == 0 ? 0 : end + 1;
    }

    /** Whether a file could have front matter, told by its first line. */
    static boolean beginsWithMatter(String text) {
        return text.startsWith(MATTER)
                && text.lines().findFirst().orElse("").stripTrailing().equals(MATTER);
    }

    /** Empty when there is none, or when it has no end: a file may also begin with a rule. */
    Optional<Yaml> frontMatter() {
        return textFrom == 0
                ? Optional.empty()
                : Optional.of(new Yaml(String.join("\n", lines.subList(1, textFrom - 1)), 2));
    }

    /** The blocks whose fence is followed by this word. What stands in other blocks is neither heading nor fence. */
    List<Block> blocks(String word) {
        List<Block> blocks = new ArrayList<>();
        String heading = null;
        for (int at = textFrom; at < lines.size(); at++) {
            String line = lines.get(at);
            Matcher fence = FENCE.matcher(line);
            if (fence.matches()
                    && !(fence.group(2).startsWith("`") && fence.group(3).contains("`"))) {
                int end = end(at, fence.group(2));
                if (fence.group(3).strip().split("\\s", 2)[0].equals(word)) {
                    blocks.add(new Block(content(at + 1, end, fence.group(1).length()), heading));
                }
                at = end;
                continue;
            }
            String here = heading(at);
            heading = here == null ? heading : here;
        }
        return blocks;
    }

    private int end(int open, String fence) {
        for (int at = open + 1; at < lines.size(); at++) {
            Matcher close = FENCE.matcher(lines.get(at));
            if (close.matches() && close.group(3).isBlank() && close.group(2).startsWith(fence)) {
                return at;
            }
        }
        return lines.size();
    }

    private Yaml content(int from, int to, int indent) {
        List<String> content = lines.subList(from, to).stream()
                .map(line -> line.substring(
                        Math.min(indent, line.length() - line.stripLeading().length())))
                .toList();
        return new Yaml(String.join("\n", content), from + 1);
    }

    /** The heading that this line is, or that it ends by underlining the line above. */
    private @Nullable String heading(int at) {
        Matcher heading = HEADING.matcher(lines.get(at));
        if (heading.matches()) {
            String text = heading.group(1);
            return text == null ? "" : opened(text.strip());
        }
        boolean underlined = at > textFrom
                && UNDERLINE.matcher(lines.get(at)).matches()
                && !NO_PARAGRAPH.matcher(lines.get(at - 1)).matches()
                && !FENCE.matcher(lines.get(at - 1)).matches();
        return underlined ? lines.get(at - 1).strip() : null;
    }

    /** A heading's text without the signs that may close it, which a space parts from the text. */
    private static String opened(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '#') {
            end--;
        }
        boolean closed = end == 0 || text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t';
        return closed ? text.substring(0, end).strip() : text;
    }
}

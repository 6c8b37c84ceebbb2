package dev.headroom.insight.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tells whether a partial index's predicate, as the server prints it, demands nothing but that some columns are not null.
 * A look-up by equality on those columns implies such a predicate, so the planner may use the index for it.
 */
final class NotNullPredicate {
    private static final String NOT_NULL = " IS NOT NULL";

    private NotNullPredicate() {}

    /** {@code columns} are quoted as the server quotes them. */
    static boolean impliedByEqualityOn(Set<String> columns, String predicate) {
        String bare = withoutParentheses(predicate.strip());
        List<String> parts = conjuncts(bare);
        if (parts.size() > 1) {
            return parts.stream().allMatch(part -> impliedByEqualityOn(columns, part));
        }
        return bare.endsWith(NOT_NULL)
                && columns.contains(withoutParentheses(bare.substring(0, bare.length() - NOT_NULL.length())));
    }

    private static String withoutParentheses(String text) {
        String bare = text;
        while (bare.startsWith("(") && closing(bare) == bare.length() - 1) {
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        return bare;
    }

    private static int closing(String text) {
        int depth = 0;
        for (int at = 0; at < text.length(); at = next(text, at)) {
            depth += depthOf(text.charAt(at));
            if (depth == 0) {
                return at;
            }
        }
        return -1;
    }

    private static List<String> conjuncts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < text.length(); at = next(text, at)) {
            depth += depthOf(text.charAt(at));
            if (depth == 0 && text.startsWith(" AND ", at)) {
                parts.add(text.substring(start, at));
                start = at + " AND ".length();
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static int depthOf(char c) {
        return c == '(' ? 1 : c == ')' ? -1 : 0;
    }

    /** The place after this character, or after the quoted name or literal that begins here. */
    private static int next(String text, int at) {
        char c = text.charAt(at);
        if (c != '"' && c != '\'') {
            return at + 1;
        }
        int end = text.indexOf(c, at + 1);
        return end < 0 ? text.length() : end + 1;
    }
}

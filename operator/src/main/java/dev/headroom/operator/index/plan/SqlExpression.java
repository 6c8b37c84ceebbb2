package dev.headroom.operator.index.plan;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a declared expression to being one expression, so that nothing can leave the parentheses it is put into.
 *
 * <p>What is inside is left to the server, which parses it on an empty copy of the table before anything is built. This
 * only has to see what the server could no longer see once the text is part of a statement: an end of the parentheses, a
 * second expression, a second statement, a comment that swallows what follows.
 */
public final class SqlExpression {
    private final String text;
    private int at;
    private int depth;

    private SqlExpression(String text) {
        this.text = text;
    }

    /** What is wrong with it, for the one who wrote it; empty when it is one expression. */
    public static Optional<String> problem(String text) {
        if (text.isBlank()) {
            return Optional.of("the expression is empty");
        }
        return Optional.ofNullable(new SqlExpression(text).scan());
    }

    private @Nullable String scan() {
        while (at < text.length()) {
            String problem = token(text.charAt(at));
            if (problem != null) {
                return problem + " (at character " + (at + 1) + " of: " + text + ")";
            }
        }
        return depth == 0 ? null : "a parenthesis is never closed in: " + text;
    }

    private @Nullable String token(char c) {
        if (c == '\'') {
            return quoted('\'', false);
        }
        if (c == '"') {
            return quoted('"', false);
        }
        if (c == '$') {
            return dollarQuoted();
        }
        if (Character.isLetter(c) || c == '_' || c > 127) {
            return word();
        }
        return symbol(c);
    }

    private @Nullable String symbol(char c) {
        if (c == ';') {
            return "a semicolon would end the statement; write one expression";
        }
        if (c == 0) {
            return "a NUL character cannot stand in SQL";
        }
        if (text.startsWith("--", at) || text.startsWith("/*", at)) {
            return "a comment could hide what follows; leave it out";
        }
        if (c == ',' && depth == 0) {
            return "a comma makes two expressions of it; declare each as a key of its own";
        }
        if (c == '(' || c == '[') {
            depth++;
        }
        if ((c == ')' || c == ']') && --depth < 0) {
            return "a parenthesis is closed that was never opened";
        }
        at++;
        return null;
    }

    /** A name or keyword. It may contain dollars, which then begin no dollar quote; E before a quote allows backslashes. */
    private @Nullable String word() {
        int start = at;
        while (at < text.length() && partOfWord(text.charAt(at))) {
            at++;
        }
        boolean escapes = at - start == 1 && Character.toLowerCase(text.charAt(start)) == 'e';
        return escapes && at < text.length() && text.charAt(at) == '\'' ? quoted('\'', true) : null;
    }

    private static boolean partOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c > 127;
    }

    private @Nullable String quoted(char quote, boolean escapes) {
        int i = at + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
                i++;
            } else if (c == quote) {
                at = i + 1;
                return null;
            }
            i++;
        }
        return "a quote " + quote + " is never closed";
    }

    private @Nullable String dollarQuoted() {
        int i = at + 1;
        while (i < text.length() && partOfWord(text.charAt(i)) && text.charAt(i) != '$') {
            i++;
        }
        boolean parameter = at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
        if (parameter || i >= text.length() || text.charAt(i) != '$') {
            return "a $ that begins no dollar quote";
        }
        String tag = text.substring(at, i + 1);
        int end = text.indexOf(tag, i + 1);
        if (end < 0) {
            return "the dollar quote " + tag + " is never closed";
        }
        at = end + tag.length();
        return null;
    }
}

package dev.headroom.service.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits SQL into what is sent as it stands and what is filled in. It knows what PostgreSQL's own scanner knows about
 * where a colon, a brace or a question mark is not what it seems: literals, {@code E''} strings, dollar quotes, quoted
 * names, nested comments, casts. Comments are not sent; their line breaks are, so that lines can be counted.
 */
final class SqlTokenizer {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern DOLLAR = Pattern.compile("\\$([A-Za-z_\\x80-\\uffff][A-Za-z0-9_\\x80-\\uffff]*)?\\$");
    private static final Pattern BRACES = Pattern.compile("\\{\\{\\s*([A-Za-z_]+)\\s*}}|\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /** Words after which a value follows: a colon there begins a parameter. */
    private static final Set<String> BEFORE_VALUE = Set.of(
            "and", "between", "by", "case", "else", "from", "ilike", "in", "is", "like", "not", "or", "then", "to",
            "when");

    private final String sql;
    private final Place place;
    private final boolean statement;
    private final List<SqlPart> parts = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    /** As long as the text, with spaces for what is quoted. */
    private final StringBuilder code = new StringBuilder();

    /** What is open here, the innermost first. */
    private final Deque<Bracket> brackets = new ArrayDeque<>();

    private int textLine;
    private int line;
    private int at;
    private int depth;
    private boolean ended;
    private boolean secondReported;

    private enum Bracket {
        PARENTHESIS,
        /** Of {@code array[…]}: its elements. */
        ARRAY,
        /** Of {@code a[…]}, before a colon that would part the bounds of a slice. */
        SUBSCRIPT,
        /** The same, after that colon. */
        SLICE
    }

    SqlTokenizer(String sql, Place place, boolean statement) {
        this.sql = sql;
        this.place = place;
        this.statement = statement;
        this.line = place.line();
        this.textLine = line;
    }

    SqlTemplate.Parsed parse() {
        while (at < sql.length()) {
            step(sql.charAt(at));
        }
        if (depth > 0) {
            mistake(line, "an opening parenthesis is never closed", "close it");
        }
        flush();
        if (parts.stream()
                .allMatch(part ->
                        part instanceof SqlPart.Text blank && blank.sql().isBlank())) {
            mistake(place.line(), "there is no SQL here", "write " + (statement ? "a statement" : "a predicate"));
        }
        return new SqlTemplate.Parsed(new SqlTemplate(place, parts), List.copyOf(mistakes));
    }

    private void step(char c) {
        afterTheEnd(c);
        if (secondReported) {
            return;
        }
        switch (c) {
            case '\'' -> quoted('\'', escapes());
            case '"' -> quoted('"', false);
            case '$' -> dollar();
            case ':' -> colon();
            case '{', '}' -> brace(c);
            case '?' -> {
                append("??", "??"); // an operator of jsonb; a single one would be a placeholder to the driver
                at++;
            }
            case '(', ')' -> parenthesis(c);
            case '[', ']' -> bracket(c);
            case ';' -> semicolon();
            case '-' -> comment("--");
            case '/' -> comment("/*");
            default -> take(at + 1);
        }
    }

    /** Appends everything up to {@code end}, exclusive. */
    private void take(int end) {
        String taken = sql.substring(at, end);
        append(taken, taken);
        skip(end);
    }

    /** The same with what is quoted. */
    private void takeQuoted(int end) {
        append(sql.substring(at, end), " ".repeat(end - at));
        skip(end);
    }

    private void append(String toText, String toCode) {
        text.append(toText);
        code.append(toCode);
    }

    private void skip(int end) {
        for (; at < end; at++) {
            if (sql.charAt(at) == '\n') {
                line++;
            }
        }
    }

    private void quoted(char quote, boolean escapes) {
        int opened = line;
        int end = at + 1;
        while (end < sql.length() && (sql.charAt(end) != quote || isDoubled(end))) {
            boolean two = sql.charAt(end) == quote || (escapes && sql.charAt(end) == '\\');
            end += two ? 2 : 1;
        }
        if (end >= sql.length()) {
            mistake(
                    opened,
                    "a " + (quote == '"' ? "quoted name" : "string") + " is never closed",
                    "add the closing " + quote);
            end = sql.length() - 1;
        }
        takeQuoted(end + 1);
    }

    /** Twice in a row it stands for itself, and the string goes on as what it was. */
    private boolean isDoubled(int quote) {
        return quote + 1 < sql.length() && sql.charAt(quote + 1) == sql.charAt(quote);
    }

    /** Whether the quote here opens an {@code E''} string. */
    private boolean escapes() {
        return at > 0 && (sql.charAt(at - 1) == 'e' || sql.charAt(at - 1) == 'E') && !nameBefore(at - 1);
    }

    private boolean nameBefore(int index) {
        return index > 0
                && (Character.isLetterOrDigit(sql.charAt(index - 1)) || "_$".indexOf(sql.charAt(index - 1)) >= 0);
    }

    private void dollar() {
        Matcher tag = DOLLAR.matcher(sql).region(at, sql.length());
        if (!nameBefore(at) && tag.lookingAt()) {
            int close = sql.indexOf(tag.group(), tag.end());
            if (close < 0) {
                mistake(
                        line,
                        "a string quoted with " + tag.group() + " is never closed",
                        "add the closing " + tag.group());
            }
            takeQuoted(close < 0 ? sql.length() : close + tag.group().length());
            return;
        }
        if (!nameBefore(at) && at + 1 < sql.length() && Character.isDigit(sql.charAt(at + 1))) {
            mistake(line, "numbered parameters are not understood", "name the parameter, as in :status");
        }
        take(at + 1);
    }

    private void colon() {
        if (sql.startsWith("::", at)) {
            take(at + 2);
            return;
        }
        Matcher name = NAME.matcher(sql).region(at + 1, sql.length());
        boolean slices = brackets.peek() == Bracket.SUBSCRIPT && boundBefore();
        if (slices) {
            brackets.pop();
            brackets.push(Bracket.SLICE);
        }
        if (slices || !name.lookingAt()) {
            take(at + 1); // an array slice or :=
            return;
        }
        flush();
        parts.add(new SqlPart.Placeholder(name.group(), line));
        at = name.end();
    }

    /** Whether the lower bound of a slice stands before the colon, so that the colon does not begin a parameter. */
    private boolean boundBefore() {
        int last = lastVisible();
        if (last < 0) {
            return !parts.isEmpty() && parts.getLast() instanceof SqlPart.Placeholder;
        }
        String word = wordUpTo(last);
        return word.isEmpty()
                ? ")]\"'".indexOf(text.charAt(last)) >= 0
                : !BEFORE_VALUE.contains(word.toLowerCase(Locale.ROOT));
    }

    /** Where the text so far has its last character that is no space; -1 where it has none. */
    private int lastVisible() {
        int last = text.length() - 1;
        while (last >= 0 && Character.isWhitespace(text.charAt(last))) {
            last--;
        }
        return last;
    }

    private String wordUpTo(int last) {
        int first = last;
        while (first >= 0 && (Character.isLetterOrDigit(text.charAt(first)) || "_$".indexOf(text.charAt(first)) >= 0)) {
            first--;
        }
        return text.substring(first + 1, last + 1);
    }

    private void brace(char c) {
        Matcher braces = BRACES.matcher(sql).region(at, sql.length());
        if (c == '}' || !braces.lookingAt()) {
            mistake(line, "a brace outside of a string", "write {table}, {{filters}} or {{order}}");
            at++;
            return;
        }
        flush();
        if (braces.group(2) != null) {
            parts.add(new SqlPart.Table(braces.group(2), line));
        } else {
            slot(braces.group(1));
        }
        at = braces.end();
    }

    private void slot(String name) {
        if (!statement) {
            mistake(line, "a predicate has no slots", "write {{" + name + "}} in the statement's file");
            return;
        }
        switch (name) {
            case "filters" -> parts.add(new SqlPart.Filters(line));
            case "order" -> parts.add(new SqlPart.Order(line));
            default -> mistake(line, "there is no slot {{" + name + "}}", "the slots are {{filters}} and {{order}}");
        }
    }

    private void parenthesis(char c) {
        depth += c == '(' ? 1 : -1;
        if (depth < 0) {
            mistake(line, "a closing parenthesis too many", "remove it, or open it");
            depth = 0;
        }
        if (c == '(') {
            brackets.push(Bracket.PARENTHESIS);
        } else {
            brackets.poll();
        }
        take(at + 1);
    }

    private void bracket(char c) {
        if (c == ']') {
            brackets.poll();
        } else {
            boolean elements = wordUpTo(lastVisible()).equalsIgnoreCase("array")
                    || (brackets.peek() == Bracket.ARRAY && !boundBefore());
            brackets.push(elements ? Bracket.ARRAY : Bracket.SUBSCRIPT);
        }
        take(at + 1);
    }

    private void semicolon() {
        if (!statement || ended) {
            mistake(line, "a semicolon too many", "a file holds one statement, a predicate is one expression");
        }
        ended = true;
        at++;
    }

    /** What follows the semicolon that ends a statement may be space and comments only. */
    private void afterTheEnd(char c) {
        boolean comment = sql.startsWith("--", at) || sql.startsWith("/*", at);
        if (ended && !secondReported && c != ';' && !comment && !Character.isWhitespace(c)) {
            secondReported = true;
            mistake(line, "a second statement after the semicolon", "one file holds one statement");
            at = sql.length(); // the first one is checked, and nothing more is told of the others
        }
    }

    private void comment(String opening) {
        if (!sql.startsWith(opening, at)) {
            take(at + 1);
            return;
        }
        int end = opening.equals("--") ? endOfLine() : endOfBlock();
        String breaks = " " + sql.substring(at, end).replaceAll("[^\n]", "");
        append(breaks, breaks);
        skip(end);
    }

    private int endOfLine() {
        int end = sql.indexOf('\n', at);
        return end < 0 ? sql.length() : end;
    }

    private int endOfBlock() {
        int nested = 0;
        for (int i = at; i < sql.length() - 1; i++) {
            if (sql.startsWith("/*", i)) {
                nested++;
                i++;
            } else if (sql.startsWith("*/", i)) {
                nested--;
                i++;
                if (nested == 0) {
                    return i + 1;
                }
            }
        }
        mistake(line, "a comment is never closed", "add the closing */");
        return sql.length();
    }

    private void flush() {
        if (!text.isEmpty()) {
            parts.add(new SqlPart.Text(text.toString(), code.toString(), textLine));
            text.setLength(0);
            code.setLength(0);
        }
        textLine = line;
    }

    private void mistake(int where, String message, String hint) {
        mistakes.add(new Mistake(place.atLine(where), message, hint));
    }
}

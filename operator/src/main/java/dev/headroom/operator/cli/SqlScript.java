package dev.headroom.operator.cli;

import dev.headroom.operator.cli.Report.Style;
import dev.headroom.support.VisibleText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * An SQL script for psql in which every line is a comment or one whole statement, whatever is in the names.
 *
 * <p>People pipe a plan into psql, and a name in a database may hold anything: a line break would end a comment, and
 * {@code \!} at the start of a line runs a program. So text becomes comments with its control characters escaped. Statements
 * are read as the server reads them and written in one line: a control character in a name or a string becomes an escape that
 * the server undoes ({@code U&"…\000A…"}, {@code E'…\n…'}). What cannot be written so is refused.
 */
final class SqlScript {

    /** The bytes of this script are UTF-8; in some encodings a byte of a letter would swallow the quote behind it. */
    static final String ENCODING = "SET client_encoding = 'UTF8';";

    private final List<Line> lines = new ArrayList<>();
    private int firstStatement = -1;
    private boolean ascii = true;

    private record Line(Style style, String text) {}

    /** One line of comment. */
    void comment(Style style, String text) {
        lines.add(new Line(style, ("-- " + VisibleText.of(text)).stripTrailing()));
    }

    /** Statements that the reader may want, as comments: a line for each line of them. */
    void commentedSql(String sql) {
        try {
            new Rewriter(sql, false).lines().forEach(line -> lines.add(new Line(Style.FAINT, "--   " + line)));
        } catch (UnsafeSql e) {
            comment(Style.FAINT, "  " + sql);
        }
    }

    /** One statement, in one line. Throws {@link UnsafeSql}. */
    void statement(String sql) {
        String line = new Rewriter(sql, true).lines().getFirst() + ";";
        if (firstStatement < 0) {
            firstStatement = lines.size();
        }
        ascii &= line.chars().allMatch(character -> character < 128);
        lines.add(new Line(Style.PLAIN, line));
    }

    List<String> lines() {
        return allLines().stream().map(Line::text).toList();
    }

    void print(PrintWriter out, boolean colours) {
        allLines().forEach(line -> out.println(line.style().paint(line.text(), colours)));
    }

    private List<Line> allLines() {
        List<Line> all = new ArrayList<>(lines);
        if (!ascii) {
            all.add(firstStatement, new Line(Style.PLAIN, ENCODING));
        }
        return all;
    }

    /** A statement that psql might not read as the server does. */
    static final class UnsafeSql extends RuntimeException {
        UnsafeSql(String why, String sql) {
            super("cannot be printed as SQL: " + why + ": " + VisibleText.of(sql));
        }
    }

    /** Copies SQL token by token, as the server's scanner with standard_conforming_strings sees them. */
    private static final class Rewriter {
        private final String sql;
        private final boolean oneStatement;
        private final List<String> lines = new ArrayList<>();
        private final StringBuilder line = new StringBuilder();
        private int at;
        private int depth;

        Rewriter(String sql, boolean oneStatement) {
            this.sql = sql;
            this.oneStatement = oneStatement;
        }

        List<String> lines() {
            if (sql.codePoints().anyMatch(each -> each == 0 || (each >= 0xD800 && each <= 0xDFFF))) {
                throw unsafe("no text in PostgreSQL has a NUL or half of a pair of surrogates");
            }
            while (at < sql.length()) {
                token();
            }
            if (depth != 0) {
                throw unsafe("a parenthesis is not closed");
            }
            endLine();
            if (lines.isEmpty()) {
                throw unsafe("there is no statement");
            }
            return lines;
        }

        private void token() {
            char c = sql.charAt(at);
            if (c == '\'') {
                string(false);
            } else if (c == '"') {
                identifier();
            } else if (c == '$') {
                dollar();
            } else if (isWordStart(c)) {
                word();
            } else if (sql.startsWith("--", at)) {
                lineComment();
            } else if (sql.startsWith("/*", at)) {
                blockComment();
            } else {
                symbol(c);
            }
        }

        private void symbol(char c) {
            at++;
            switch (c) {
                case '\n', '\r' -> {
                    if (oneStatement) {
                        line.append(' ');
                    } else {
                        endLine();
                    }
                }
                case ' ', '\t', '\f', '\u000B' -> line.append(' ');
                case ';' -> endStatement();
                case '\\' -> throw unsafe("a backslash begins a command of psql");
                case ':' -> colon();
                case '(' -> {
                    depth++;
                    line.append(c);
                }
                case ')' -> {
                    if (--depth < 0) {
                        throw unsafe("a parenthesis is closed that was never opened");
                    }
                    line.append(c);
                }
                default -> {
                    if (VisibleText.isHidden(c)) {
                        throw unsafe("a control character outside quotes");
                    }
                    line.append(c);
                }
            }
        }

        private void endStatement() {
            if (!oneStatement) {
                line.append(';');
            } else if (!sql.substring(at).isBlank()) {
                throw unsafe("it is more than one statement");
            }
        }

        /** psql puts the value of a variable in the place of :name, :'name' and :{?name}; a type cast has two colons. */
        private void colon() {
            line.append(':');
            if (at < sql.length() && sql.charAt(at) == ':') {
                line.append(':');
                at++;
            } else if (at < sql.length() && sql.charAt(at) != '=') {
                line.append(' ');
            }
        }

        private void word() {
            int start = at;
            while (at < sql.length() && isWordPart(sql.charAt(at))) {
                at++;
            }
            String word = sql.substring(start, at);
            if (VisibleText.firstHidden(word).isPresent()) {
                throw unsafe("a control character outside quotes");
            }
            boolean beforeString = at < sql.length() && sql.charAt(at) == '\'';
            boolean unicode = word.equalsIgnoreCase("u") && (sql.startsWith("&'", at) || sql.startsWith("&\"", at));
            if (beforeString && word.equalsIgnoreCase("e")) {
                string(true);
                return;
            }
            line.append(word);
            if (unicode) {
                line.append('&');
                at++;
            }
            if (unicode || (beforeString && word.matches("[bBxXnN]"))) {
                verbatim(sql.charAt(at), unicode);
            }
        }

        /** Copies a prefixed string constant unchanged, or refuses it, because escapes cannot be added to it. */
        private void verbatim(char quote, boolean backslashes) {
            String content = quoted(quote, false);
            if (VisibleText.firstHidden(content).isPresent() || (!backslashes && content.contains("\\"))) {
                throw unsafe("a control character or a backslash in a U&, B, X or N constant");
            }
            line.append(quote).append(content).append(quote);
        }

        private void identifier() {
            String content = quoted('"', false);
            if (VisibleText.firstHidden(content).isEmpty()) {
                line.append('"').append(content).append('"');
                return;
            }
            StringBuilder escaped = new StringBuilder();
            content.codePoints().forEach(character -> {
                if (character == '\\') {
                    escaped.append("\\\\");
                } else if (VisibleText.isHidden(character)) {
                    escaped.append(
                            character <= 0xFFFF ? "\\%04X".formatted(character) : "\\+%06X".formatted(character));
                } else {
                    escaped.appendCodePoint(character);
                }
            });
            separate();
            line.append("U&\"").append(escaped).append('"');
        }

        private void string(boolean escapes) {
            String content = quoted('\'', escapes);
            if (!escapes && VisibleText.firstHidden(content).isEmpty() && content.indexOf('\\') < 0) {
                line.append('\'').append(content).append('\'');
            } else {
                escapeString(escapes ? content : content.replace("\\", "\\\\"));
            }
        }

        /** Writes the content of an E'' string: escapes stay, hidden characters become escapes. */
        private void escapeString(String content) {
            StringBuilder escaped = new StringBuilder();
            int[] characters = content.codePoints().toArray();
            for (int i = 0; i < characters.length; i++) {
                boolean pair = characters[i] == '\\' && i + 1 < characters.length;
                int character = pair ? characters[++i] : characters[i];
                if (VisibleText.isHidden(character)) {
                    escaped.append(
                            switch (character) {
                                case '\n' -> "\\n";
                                case '\r' -> "\\r";
                                case '\t' -> "\\t";
                                default ->
                                    character <= 0xFFFF
                                            ? "\\u%04X".formatted(character)
                                            : "\\U%08X".formatted(character);
                            });
                } else {
                    escaped.append(pair ? "\\" : "").appendCodePoint(character);
                }
            }
            separate();
            line.append("E'").append(escaped).append('\'');
        }

        private void dollar() {
            int end = at + 1;
            while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
                end++;
            }
            boolean tagged = end < sql.length()
                    && sql.charAt(end) == '$'
                    && (end == at + 1 || !Character.isDigit(sql.charAt(at + 1)));
            if (!tagged) {
                line.append('$');
                at++;
                return;
            }
            String tag = sql.substring(at, end + 1);
            int close = sql.indexOf(tag, end + 1);
            if (close < 0) {
                throw unsafe("the dollar quote " + tag + " is never closed");
            }
            String content = sql.substring(end + 1, close);
            at = close + tag.length();
            if (VisibleText.firstHidden(content).isEmpty()) {
                separate();
                line.append(tag).append(content).append(tag);
            } else {
                escapeString(content.replace("\\", "\\\\").replace("'", "''"));
            }
        }

        /** The content between quotes, doubled quotes as they are; afterwards {@link #at} is behind them. */
        private String quoted(char quote, boolean escapes) {
            int start = at + 1;
            for (int i = start; i < sql.length(); i++) {
                char c = sql.charAt(i);
                boolean doubled = c == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote;
                if (doubled || (escapes && c == '\\')) {
                    i++;
                } else if (c == quote) {
                    at = i + 1;
                    return sql.substring(start, i);
                }
            }
            throw unsafe("a quote " + quote + " is never closed");
        }

        private void lineComment() {
            int start = at;
            while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                at++;
            }
            if (!oneStatement) {
                line.append(VisibleText.of(sql.substring(start, at)));
            }
        }

        private void blockComment() {
            int open = 0;
            do {
                if (sql.startsWith("/*", at)) {
                    open++;
                    at += 2;
                } else if (sql.startsWith("*/", at)) {
                    open--;
                    at += 2;
                } else {
                    at++;
                }
            } while (open > 0 && at < sql.length());
            if (open > 0) {
                throw unsafe("a comment is never closed");
            }
            line.append(' ');
        }

        private void endLine() {
            if (!line.toString().isBlank()) {
                lines.add(line.toString().strip());
            }
            line.setLength(0);
        }

        /** Keeps a token that got a prefix apart from a word before it. */
        private void separate() {
            if (!line.isEmpty() && isWordPart(line.charAt(line.length() - 1))) {
                line.append(' ');
            }
        }

        private static boolean isWordStart(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 127;
        }

        private static boolean isWordPart(char c) {
            return isWordStart(c) || (c >= '0' && c <= '9') || c == '$';
        }

        private UnsafeSql unsafe(String why) {
            return new UnsafeSql(why, sql);
        }
    }
}

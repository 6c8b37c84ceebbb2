package dev.headroom.operator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a script apart as psql does: what it would send to the server, and what it would take for commands of its own or for
 * its variables. Written after the rules of psql's scanner, and for tests alone.
 */
final class PsqlReader {

    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$(?:[A-Za-z_\\x80-\\uffff][\\w\\x80-\\uffff]*)?\\$");
    private static final Pattern VARIABLE = Pattern.compile(":[\\w\\x80-\\uffff'\"{]");

    private final String script;
    private final List<String> statements = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    private final StringBuilder statement = new StringBuilder();
    private int at;
    private int depth;

    private PsqlReader(String script) {
        this.script = script;
    }

    /** What psql would do: statements to send, and commands and variables of its own. */
    record Read(List<String> statements, List<String> commands, String unfinished) {}

    static Read read(String script) {
        PsqlReader reader = new PsqlReader(script);
        while (reader.at < script.length()) {
            reader.token();
        }
        return new Read(
                reader.statements, reader.commands, reader.statement.toString().strip());
    }

    private void token() {
        char c = script.charAt(at);
        if (script.startsWith("--", at)) {
            while (at < script.length() && script.charAt(at) != '\n' && script.charAt(at) != '\r') {
                at++;
            }
        } else if (script.startsWith("/*", at)) {
            int end = script.indexOf("*/", at + 2);
            at = end < 0 ? script.length() : end + 2;
        } else if (c == '\'' || c == '"') {
            quoted(c);
        } else if (c == '$' && dollarQuote() != null) {
            String tag = dollarQuote();
            int end = script.indexOf(tag, at + tag.length());
            take(end < 0 ? script.length() : end + tag.length());
        } else if (c == '\\') {
            int end = script.indexOf('\n', at);
            commands.add(script.substring(at, end < 0 ? script.length() : end));
            at = end < 0 ? script.length() : end;
        } else if (c == ':' && script.startsWith("::", at)) {
            take(at + 2);
        } else if (c == ':'
                && VARIABLE.matcher(script).region(at, script.length()).lookingAt()) {
            commands.add(script.substring(at, at + 2));
            take(at + 1);
        } else if (c == ';' && depth == 0) {
            statements.add(statement.toString().strip());
            statement.setLength(0);
            at++;
        } else {
            depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
            take(at + 1);
        }
    }

    private String dollarQuote() {
        Matcher tag = DOLLAR_QUOTE.matcher(script).region(at, script.length());
        boolean inWord = at > 0 && (Character.isLetterOrDigit(script.charAt(at - 1)) || script.charAt(at - 1) == '_');
        return !inWord && tag.lookingAt() ? tag.group() : null;
    }

    private void quoted(char quote) {
        boolean escapes = quote == '\'' && statement.toString().matches("(?s)(.*[^\\w$])?[eE]");
        int i = at + 1;
        while (i < script.length()) {
            char c = script.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == quote && i + 1 < script.length() && script.charAt(i + 1) == quote) {
                i++;
            } else if (c == quote) {
                break;
            }
            i++;
        }
        take(Math.min(script.length(), i + 1));
    }

    private void take(int end) {
        statement.append(script, at, end);
        at = end;
    }
}

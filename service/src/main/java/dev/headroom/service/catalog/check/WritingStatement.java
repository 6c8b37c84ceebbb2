package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Finds statements that write or lock rows. To prepare one succeeds; to run it on the read-only connections of requests
 * never does. The words tell which statements to suspect and where, the server tells which of them are guilty: a cursor is
 * declared for the statement in a read-only transaction, which checks what it would do and does none of it.
 */
final class WritingStatement {
    private static final Pattern SUSPECT =
            Pattern.compile("\\b(insert|update|delete|merge|share)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern FIRST_WORD = Pattern.compile("^[\\s(]*([A-Za-z]+)");

    /** Functions of the server that no read-only transaction may call; those of others only running them could tell. */
    private static final Pattern WRITING_FUNCTION = Pattern.compile(
            "(?<![\\w.$\"])(?:pg_catalog\\s*\\.\\s*)?(nextval|setval|lo_creat|lo_create|lo_from_bytea|lo_import|lo_put|lo_truncate"
                    + "|lo_truncate64|lo_unlink|lowrite)\\s*\\(",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DOLLAR = Pattern.compile("\\$(?:[A-Za-z_]\\w*)?\\$");

    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge");
    private static final String READ_ONLY = "25006";
    private static final String NOT_SUPPORTED = "0A000";
    private static final String SYNTAX = "42601";

    private WritingStatement() {}

    /**
     * What it does that a request may not, if anything.
     *
     * @param types of its parameters, as the server says
     */
    static Optional<Mistake> mistake(SqlText text, List<String> types, DataSource connections) {
        String words = withoutQuoted(text.sql());
        Matcher function = WRITING_FUNCTION.matcher(words);
        if (function.find()) {
            return Optional.of(new Mistake(
                    text.placeOf(function.start(1)),
                    function.group(1).toLowerCase(Locale.ROOT)
                            + "() writes, and an endpoint only reads: every request would fail",
                    "leave it to the system that writes, or select what it has written"));
        }
        Matcher suspect = SUSPECT.matcher(words);
        if (!suspect.find()) {
            return Optional.empty();
        }
        int at = suspect.start();
        return writes(text, words, types, connections)
                ? Optional.of(new Mistake(
                        text.placeOf(at),
                        "the statement writes or locks rows at '"
                                + suspect.group().toLowerCase(Locale.ROOT)
                                + "', and an endpoint only reads: every request would fail",
                        "select, without insert, update, delete, merge and 'for update'"))
                : Optional.empty();
    }

    private static boolean writes(SqlText text, String words, List<String> types, DataSource connections) {
        Matcher first = FIRST_WORD.matcher(words);
        if (first.find() && WRITES.contains(first.group(1).toLowerCase(Locale.ROOT))) {
            return true;
        }
        String cursor =
                "declare headroom_check no scroll cursor for " + text.with(index -> "null::" + types.get(index));
        try (Connection connection = connections.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            // Prepared, although it has no parameters: only then does the driver read ?? as the operator ?.
            try (Statement bound = connection.createStatement();
                    PreparedStatement declare = connection.prepareStatement(cursor)) {
                bound.execute("set local lock_timeout = '500ms'"); // somebody may be changing a table all day
                declare.execute();
                return false;
            } finally {
                connection.rollback();
            }
        } catch (SQLException refused) {
            return Set.of(READ_ONLY, NOT_SUPPORTED, SYNTAX).contains(String.valueOf(refused.getSQLState()));
        }
    }

    /** The text with spaces for its strings and quoted names, whose words say nothing; comments are gone already. */
    private static String withoutQuoted(String sql) {
        char[] words = sql.toCharArray();
        int at = 0;
        while (at < words.length) {
            int end = endOfQuoted(sql, at);
            Arrays.fill(words, at, end, ' ');
            at = Math.max(end, at + 1);
        }
        return new String(words);
    }

    /** Where what is quoted from here on ends; here, where nothing is. */
    private static int endOfQuoted(String sql, int at) {
        return switch (sql.charAt(at)) {
            case '"' -> after(sql, "\"", at + 1);
            case '\'' -> endOfString(sql, at);
            case '$' -> {
                Matcher tag = DOLLAR.matcher(sql).region(at, sql.length());
                yield !isWord(sql, at - 1) && tag.lookingAt() ? after(sql, tag.group(), tag.end()) : at;
            }
            default -> at;
        };
    }

    private static int endOfString(String sql, int at) {
        boolean escapes = at > 0 && "eE".indexOf(sql.charAt(at - 1)) >= 0 && !isWord(sql, at - 2);
        int end = at + 1;
        while (end < sql.length() && sql.charAt(end) != '\'') {
            end += escapes && sql.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end + 1, sql.length()); // a doubled quote ends one string and begins the next
    }

    private static int after(String sql, String closing, int from) {
        int close = sql.indexOf(closing, from);
        return close < 0 ? sql.length() : close + closing.length();
    }

    private static boolean isWord(String sql, int at) {
        return at >= 0 && (Character.isLetterOrDigit(sql.charAt(at)) || "_$".indexOf(sql.charAt(at)) >= 0);
    }
}

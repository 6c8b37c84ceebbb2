package dev.headroom.service.database.pool;

import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.MissingGrant;
import dev.headroom.service.database.failure.StatementInvalid;
import dev.headroom.service.database.statement.StatementDescription;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Asks the server what a statement gives and takes. */
public final class Describe {

    /** What makes a column null although its table forbids it. */
    private static final Pattern WIDENS =
            Pattern.compile("\\b(left|right|full|rollup|cube|grouping)\\b", Pattern.CASE_INSENSITIVE);

    private Describe() {}

    /** Over a session of its own. */
    public static StatementDescription over(PostgresConnector direct, String sql) {
        Connection connection;
        try {
            connection = direct.open();
        } catch (SQLException none) {
            throw new DatabaseUnavailable(direct.refusal(none), none);
        }
        try (connection) {
            return of(connection, sql);
        } catch (SQLException failed) {
            throw DatabaseFailure.of("describe", failed);
        }
    }

    static StatementDescription of(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ParameterMetaData parameters = statement.getParameterMetaData();
            List<String> types = new ArrayList<>();
            for (int at = 1; at <= parameters.getParameterCount(); at++) {
                types.add(parameters.getParameterTypeName(at));
            }
            return new StatementDescription(columns(statement.getMetaData(), sql), types);
        } catch (PSQLException e) {
            throw invalid(connection, sql, e);
        }
    }

    private static List<StatementDescription.Column> columns(@Nullable ResultSetMetaData found, String sql)
            throws SQLException {
        List<StatementDescription.Column> columns = new ArrayList<>();
        if (found == null) {
            return columns;
        }
        boolean certain = !WIDENS.matcher(sql).find();
        for (int at = 1; at <= found.getColumnCount(); at++) {
            var nullable = switch (found.isNullable(at)) {
                case ResultSetMetaData.columnNoNulls ->
                    certain ? StatementDescription.Nullable.NO : StatementDescription.Nullable.UNKNOWN;
                case ResultSetMetaData.columnNullable -> StatementDescription.Nullable.YES;
                default -> StatementDescription.Nullable.UNKNOWN;
            };
            columns.add(new StatementDescription.Column(
                    found.getColumnLabel(at), found.getColumnTypeName(at), form(found.getColumnType(at)), nullable));
        }
        return columns;
    }

    private static StatementDescription.Form form(int jdbcType) {
        return switch (jdbcType) {
            case Types.ARRAY -> StatementDescription.Form.ARRAY;
            case Types.STRUCT -> StatementDescription.Form.ROW;
            default -> StatementDescription.Form.PLAIN;
        };
    }

    private static SQLException invalid(Connection connection, String sql, PSQLException e) throws SQLException {
        ServerErrorMessage server = e.getServerErrorMessage();
        if (server == null || DatabaseFailure.of("describe", e).retryAfter().isPresent()) {
            return e; // it says nothing about the statement
        }
        throw new StatementInvalid(
                String.valueOf(server.getMessage()),
                String.valueOf(e.getSQLState()),
                offset(sql, connection.nativeSQL(sql), server.getPosition()),
                MissingGrant.SQLSTATE.equals(e.getSQLState())
                        ? MissingGrant.of(
                                String.valueOf(server.getMessage()),
                                connection.getMetaData().getUserName())
                        : server.getHint(),
                e);
    }

    /**
     * The server counts in the SQL that it got, where the driver wrote $1, $2 … for parameters and one question mark for
     * two; the two texts are walked side by side.
     */
    static int offset(String given, String sent, int position) {
        if (position == 0) {
            return -1;
        }
        int at = 0;
        int there = 0;
        while (there < position - 1 && at < given.length() && there < sent.length()) {
            boolean question = given.charAt(at) == '?';
            if (question && sent.charAt(there) == '$') {
                there++;
                while (there < sent.length() && Character.isDigit(sent.charAt(there))) {
                    there++;
                }
                at++;
            } else {
                boolean escaped = question && given.startsWith("??", at) && !sent.startsWith("??", there);
                at += escaped ? 2 : 1;
                there++;
            }
        }
        return at;
    }
}

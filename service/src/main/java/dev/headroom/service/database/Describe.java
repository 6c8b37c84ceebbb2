package dev.headroom.service.database;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Asks the server what a statement gives and takes. */
final class Describe {

    /** What makes a column null although its table forbids it. */
    private static final Pattern WIDENS =
            Pattern.compile("\\b(left|right|full|rollup|cube|grouping)\\b", Pattern.CASE_INSENSITIVE);

    private Describe() {}

    static StatementDescription of(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ParameterMetaData parameters = statement.getParameterMetaData();
            List<String> types = new ArrayList<>();
            for (int at = 1; at <= parameters.getParameterCount(); at++) {
                types.add(parameters.getParameterTypeName(at));
            }
            return new StatementDescription(columns(statement.getMetaData(), sql), types);
        } catch (PSQLException e) {
            throw invalid(sql, e);
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
            columns.add(
                    new StatementDescription.Column(found.getColumnLabel(at), found.getColumnTypeName(at), nullable));
        }
        return columns;
    }

    private static SQLException invalid(String sql, PSQLException e) {
        ServerErrorMessage server = e.getServerErrorMessage();
        if (server == null || Failures.connectionLost(e.getSQLState())) {
            return e;
        }
        throw new StatementInvalid(
                String.valueOf(server.getMessage()),
                String.valueOf(e.getSQLState()),
                offset(sql, server.getPosition()),
                server.getHint(),
                e);
    }

    /** The server counts in the SQL that it got, where the driver wrote $1, $2 … for each question mark. */
    static int offset(String sql, int position) {
        int sent = 1;
        int parameters = 0;
        for (int at = 0; at < sql.length(); at++) {
            if (sent >= position) {
                return position == 0 ? -1 : at;
            }
            if (sql.charAt(at) == '?') {
                sent += 1 + Integer.toString(++parameters).length();
            } else {
                sent++;
            }
        }
        return position == 0 ? -1 : sql.length();
    }
}

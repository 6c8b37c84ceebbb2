package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.StatementFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
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
final class ReadOnlyCheck {
    private static final Pattern SUSPECT =
            Pattern.compile("\\b(insert|update|delete|merge|share)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern FIRST_WORD = Pattern.compile("^[\\s(]*([A-Za-z]+)");

    /** Functions of the server that no read-only transaction may call; those of others only running them could tell. */
    private static final Pattern WRITING_FUNCTION = Pattern.compile(
            "(?<![\\w.$\"])(?:pg_catalog\\s*\\.\\s*)?(nextval|setval|lo_creat|lo_create|lo_from_bytea|lo_import|lo_put|lo_truncate"
                    + "|lo_truncate64|lo_unlink|lowrite)\\s*\\(",
            Pattern.CASE_INSENSITIVE);

    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge");

    /** A cursor for what writes: in a read-only transaction, in a WITH, as the whole statement. */
    private static final Set<String> REFUSES_TO_WRITE = Set.of("25006", "0A000", "42601");

    private static final String HINT = "select, without insert, update, delete, merge and 'for update'";

    private ReadOnlyCheck() {}

    /**
     * What it does that a request may not, if anything.
     *
     * @param types of its parameters, as the driver names them
     * @throws DatabaseFailure when the server cannot be asked
     */
    static Optional<Mistake> mistake(SqlText text, List<String> types, DataSource connections) {
        String code = text.code();
        Matcher function = WRITING_FUNCTION.matcher(code);
        if (function.find()) {
            return Optional.of(new Mistake(
                    text.placeOf(function.start(1)),
                    function.group(1).toLowerCase(Locale.ROOT)
                            + "() writes, and an endpoint only reads: every request would fail",
                    "leave it to the system that writes, or select what it has written"));
        }
        Matcher first = FIRST_WORD.matcher(code);
        String begins = first.find() ? first.group(1).toLowerCase(Locale.ROOT) : "";
        if (begins.equals("call")) {
            return Optional.of(new Mistake(
                    text.placeOf(first.start(1)),
                    "the statement calls a procedure, and an endpoint only reads: requests may fail",
                    "select from a function, or from tables"));
        }
        Matcher suspect = SUSPECT.matcher(code);
        if (!suspect.find()) {
            return Optional.empty();
        }
        return switch (WRITES.contains(begins) ? new Writes() : verdict(text, types, connections)) {
            case Reads _ -> Optional.empty();
            case Writes _ ->
                Optional.of(new Mistake(
                        text.placeOf(suspect.start()),
                        "the statement writes or locks rows at '"
                                + suspect.group().toLowerCase(Locale.ROOT)
                                + "', and an endpoint only reads: every request would fail",
                        HINT));
            case Fails fails ->
                Optional.of(new Mistake(
                        text.placeOf(suspect.start()),
                        "the database does not run the statement as one that only reads: " + fails.reason(),
                        HINT));
        };
    }

    /** What the server does with a statement in a read-only transaction. */
    private sealed interface Verdict {}

    private record Reads() implements Verdict {}

    private record Writes() implements Verdict {}

    /** It refuses the statement for another reason. */
    private record Fails(String reason) implements Verdict {}

    private static Verdict verdict(SqlText text, List<String> types, DataSource connections) {
        String cursor = "declare headroom_check no scroll cursor for " + text.withNulls(types);
        Connection session;
        try {
            session = connections.getConnection();
        } catch (SQLException none) { // a refused login says nothing about the statement
            throw new DatabaseUnavailable(String.valueOf(none.getMessage()), none);
        }
        try (Connection connection = session) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            // Prepared, although it has no parameters: only then does the driver read ?? as the operator ?.
            try (Statement bound = connection.createStatement();
                    PreparedStatement declare = connection.prepareStatement(cursor)) {
                bound.execute("set local lock_timeout = '500ms'"); // somebody may be changing a table all day
                declare.execute();
                return new Reads();
            } finally {
                connection.rollback();
            }
        } catch (SQLException refused) {
            String state = String.valueOf(refused.getSQLState());
            if (REFUSES_TO_WRITE.contains(state)) {
                return new Writes();
            }
            if (!types.isEmpty() && isAboutValue(state)) {
                return new Reads(); // a function that the planner calls may refuse our nulls and no value of a request
            }
            DatabaseFailure failure = DatabaseFailure.of("catalog-check.writes", refused);
            if (failure instanceof StatementFailed) {
                return new Fails(PostgresConnector.messageOf(refused));
            }
            throw failure; // no connection, or a lock of another session: the service asks again, see Opening
        }
    }

    /** Class 22, or what {@code raise exception} says of itself. */
    private static boolean isAboutValue(String state) {
        return state.startsWith("22") || state.equals("P0001");
    }
}

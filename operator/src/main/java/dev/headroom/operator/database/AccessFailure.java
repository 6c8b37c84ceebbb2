package dev.headroom.operator.database;

import dev.headroom.operator.crd.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a database could not be asked, as a reason that a person can act on. PostgreSQL's and pgjdbc's messages name
 * users and hosts, never passwords.
 *
 * @param reason one word with a page of its own in docs/runbooks
 */
public record AccessFailure(Reason reason, String message) {

    /** What pgjdbc says when the server asks for a password and there is none. */
    private static final String NO_PASSWORD = "08004";

    public static AccessFailure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String said = firstLine(failure);
        if (said.contains("does not support SSL")) {
            return new AccessFailure(
                    Reason.TLS_FAILED,
                    "the server has no TLS: turn its ssl on, or set database.tls.mode to prefer, which does without");
        }
        if (mentionsTls(failure, said)) {
            return new AccessFailure(Reason.TLS_FAILED, said + ": check database.tls and the CA secret");
        }
        return switch (state) {
            case "28P01", "28000", NO_PASSWORD ->
                new AccessFailure(Reason.AUTHENTICATION_FAILED, said + ": check user, password and pg_hba.conf");
            case "3D000" -> new AccessFailure(Reason.DATABASE_MISSING, said + ": check database.name");
            case "42501" -> new AccessFailure(Reason.PERMISSION_DENIED, said);
            case "53300" ->
                new AccessFailure(Reason.TOO_MANY_CONNECTIONS, said + ": the server's max_connections are in use");
            case "57P03" -> new AccessFailure(Reason.DATABASE_UNREACHABLE, said);
            default ->
                state.startsWith("08")
                        ? new AccessFailure(
                                Reason.DATABASE_UNREACHABLE,
                                said + ": check database.host and port, and network policies")
                        : new AccessFailure(
                                Reason.LOOK_FAILED, said + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")"));
        };
    }

    private static boolean mentionsTls(SQLException failure, String said) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
                return true;
            }
        }
        return said.contains("could not be verified");
    }

    /** The driver's first line; where that leaves out what happened ("The connection attempt failed."), with the cause. */
    private static String firstLine(SQLException failure) {
        @Nullable String message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse("");
        String said = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return !(root instanceof IOException) || said.contains("refused")
                ? said
                : said + " (" + root.getClass().getSimpleName() + ": " + root.getMessage() + ")";
    }
}

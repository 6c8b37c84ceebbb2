package dev.headroom.operator.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a database could not be asked, as a reason that a person can act on. PostgreSQL's and pgjdbc's messages name
 * users and hosts, never passwords.
 *
 * @param reason one word with a page of its own in docs/runbooks
 */
public record AccessFailure(String reason, String message) {

    public static AccessFailure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String said = firstLine(failure);
        if (mentionsTls(failure)) {
            return new AccessFailure("TlsFailed", said + ": check database.tls and the CA secret");
        }
        return switch (state) {
            case "28P01", "28000" ->
                new AccessFailure("AuthenticationFailed", said + ": check the credentials secret and pg_hba.conf");
            case "3D000" -> new AccessFailure("DatabaseMissing", said + ": check database.name");
            case "42501" -> new AccessFailure("PermissionDenied", said);
            case "53300" -> new AccessFailure("TooManyConnections", said + ": the server's max_connections are in use");
            case "57P03" -> new AccessFailure("DatabaseUnreachable", said);
            default ->
                state.startsWith("08")
                        ? new AccessFailure(
                                "DatabaseUnreachable", said + ": check database.host and port, and network policies")
                        : new AccessFailure("LookFailed", said + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")"));
        };
    }

    private static boolean mentionsTls(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof javax.net.ssl.SSLException
                    || cause instanceof java.security.cert.CertificateException
                    || cause instanceof java.security.GeneralSecurityException) {
                return true;
            }
        }
        String message = failure.getMessage();
        return message != null
                && (message.contains("does not support SSL") || message.contains("could not be verified"));
    }

    private static String firstLine(SQLException failure) {
        @Nullable String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}

package dev.headroom.service.database.connection;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;

/**
 * Why no connection can be made, and what to set. Servers are quoted, with the state for which one searches: their words
 * name users and databases and no passwords. The driver is not quoted.
 */
final class ConnectionFailureReason {
    private ConnectionFailureReason() {}

    /** No host has answered in time. */
    static String silence(PostgresConnector connector) {
        return "nothing answers at " + connector.setting() + " (" + connector.hosts() + ")";
    }

    /** What the driver says of a connection that was open: a server that stopped without a word, or one that said why. */
    static String broken(PostgresConnector connector, PSQLException failure) {
        return failure.getServerErrorMessage() == null
                ? "the database at " + connector.setting() + " (" + connector.hosts() + ") does not answer"
                : reason(connector, failure);
    }

    static String reason(PostgresConnector connector, SQLException e) {
        String setting = connector.setting();
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        String reason = switch (state) {
            case "28P01", "28000" ->
                "the server refuses the user" + (connector.user().isEmpty() ? "" : " \"" + connector.user() + "\"")
                        + "; check database.user and database.password-file";
            case "08004" ->
                "the server and the driver do not agree on how to connect; check database.user,"
                        + " database.password-file and " + setting;
            case "08P01" ->
                isStartupParameterRefused(e)
                        ? "a PgBouncer in transaction mode is at " + setting
                                + "; set database.pgbouncer to true, and database.direct-url to the server behind it"
                        : "the server or the PgBouncer at " + setting
                                + " refuses the login; check database.user and database.password-file";
            case "3D000" -> "the database that " + setting + " names does not exist; create it, or correct the name";
            case "53300" ->
                "the server has no connection left; lower database.pool.maximum-pool-size on all instances, or raise"
                        + " max_connections";
            case "57P03" -> "the server is starting up or shutting down";
            case "", "08000", "08001", "08003", "08006" -> silence(connector) + ": " + network(e, setting);
            default -> "the server at " + setting + " refuses connections";
        };
        return reason + serverMessage(e, state);
    }

    private static boolean isStartupParameterRefused(SQLException e) {
        return String.valueOf(e.getMessage()).contains("startup parameter");
    }

    /** What the deepest cause means for whoever has to mend it. */
    private static String network(SQLException failure, String setting) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return switch (root) {
            case UnknownHostException unknown ->
                "the name " + unknown.getMessage() + " does not resolve; check the host in " + setting;
            case SSLException _ ->
                "TLS could not be agreed on; check sslmode, sslrootcert and the certificate of the server";
            case SocketTimeoutException _ -> "no answer within database.connect-timeout";
            case ConnectException _ -> "the connection is refused; is PostgreSQL running there?";
            case NoRouteToHostException _ -> "there is no way to that host";
            case GeneralSecurityException _ ->
                "the certificate of the server is not trusted; check sslrootcert in " + setting;
            default -> unexplained(failure);
        };
    }

    /** The driver has no cause to show where it gave up waiting, or where each host is another one than it should be. */
    private static String unexplained(SQLException failure) {
        return String.valueOf(failure.getMessage()).contains("targetServerType")
                ? "none of the hosts is what targetServerType asks for; is a primary running?"
                : "the connection broke or was not open within database.connect-timeout";
    }

    /** The server's message; nothing where only the driver has one. */
    private static String serverMessage(SQLException failure, String state) {
        return failure instanceof PSQLException postgres && postgres.getServerErrorMessage() != null
                ? " (SQLSTATE " + state + ": "
                        + postgres.getServerErrorMessage().getMessage() + ")"
                : "";
    }
}

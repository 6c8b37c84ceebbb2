package dev.headroom.service.database.connection;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why no connection can be made: first the reason with what to set, then the words of the server or the driver, which name
 * hosts and users and no passwords.
 */
final class NoConnection {
    private NoConnection() {}

    /** @param failure null when nobody said anything in time */
    static String reason(String pool, Connecting connecting, @Nullable Throwable failure) {
        String url = pool.equals("primary") ? "database.url" : "database." + pool + ".url";
        if (!(failure instanceof SQLException e)) {
            return "nothing answers at " + url;
        }
        String user = Objects.requireNonNullElse(connecting.properties().getProperty("user"), "");
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        String reason = switch (state) {
            case "28P01", "28000" ->
                "the server refuses the user" + (user.isEmpty() ? "" : " \"" + user + "\"")
                        + "; check database.user and database.password-file";
            case "08004" ->
                "the server and the driver do not agree on how to connect; check database.user,"
                        + " database.password-file and " + url;
            case "3D000" -> "the database that " + url + " names does not exist; create it, or correct the name";
            case "53300" ->
                "the server has no connection left; lower database.pool.maximum-pool-size on all instances, or raise"
                        + " max_connections";
            case "57P03" -> "the server is starting up or shutting down";
            case "", "08000", "08001", "08003", "08006" -> "nothing answers at " + url;
            default -> "the server at " + url + " refuses connections";
        };
        return reason + " (" + words(e) + ")";
    }

    /** "The connection attempt failed." says nothing without its cause. */
    private static String words(SQLException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String own = Objects.requireNonNullElse(failure.getMessage(), "").strip();
        return root.equals(failure) ? own : own + " " + root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}

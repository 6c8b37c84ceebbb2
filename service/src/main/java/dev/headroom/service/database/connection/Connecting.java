package dev.headroom.service.database.connection;

import dev.headroom.service.database.json.JsonTypes;
import dev.headroom.service.database.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How a physical connection is opened, pooled or not. */
public record Connecting(String url, Properties properties) {

    /** For a pool: everything that a statement relies on holds from the first packet on, nothing is set afterwards. */
    public static Connecting pooled(DatabaseSettings settings, String url) {
        Properties properties = basics(settings);
        properties.setProperty("binaryTransferDisable", JsonTypes.RECEIVED_AS_TEXT);
        if (settings.pgbouncer()) {
            properties.setProperty("prepareThreshold", "0");
            properties.setProperty("preparedStatementCacheQueries", "0");
        } else {
            properties.setProperty(
                    "options",
                    "-c statement_timeout=" + settings.statementTimeout().toMillis()
                            + " -c default_transaction_read_only=on -c IntervalStyle=postgres -c bytea_output=hex");
        }
        return new Connecting(url, properties);
    }

    /** For what needs a session of its own: migrations, LISTEN. No statement timeout: a migration may take its time. */
    public static Connecting direct(DatabaseSettings settings) {
        Properties properties = basics(settings);
        return new Connecting(settings.directUrl().orElse(settings.url()), properties);
    }

    /** For a watch that must not wait longer for an answer than until its next look, but a second at least. */
    public Connecting watching(Duration interval) {
        Properties impatient = new Properties();
        impatient.putAll(properties);
        impatient.setProperty("socketTimeout", seconds(interval));
        impatient.setProperty("connectTimeout", seconds(interval));
        impatient.setProperty("loginTimeout", seconds(interval));
        return new Connecting(url, impatient);
    }

    public Connection open() throws SQLException {
        return DriverManager.getConnection(url, properties);
    }

    /** A new physical connection each time; its owner closes it. */
    public DataSource unpooled() {
        return new DirectConnections(this);
    }

    /**
     * Why no connection could be made, with what to set.
     *
     * @param failure null when nobody said anything in time
     */
    public String refusal(String pool, @Nullable Throwable failure) {
        return NoConnection.reason(pool, this, failure);
    }

    private static Properties basics(DatabaseSettings settings) {
        Properties properties = new Properties();
        if (settings.user() != null) {
            properties.setProperty("user", settings.user());
        }
        if (settings.password() != null) {
            properties.setProperty("password", settings.password().value());
        }
        properties.setProperty("ApplicationName", "headroom-service");
        properties.setProperty("connectTimeout", seconds(settings.connectTimeout()));
        properties.setProperty("loginTimeout", seconds(settings.connectTimeout()));
        properties.setProperty("tcpKeepAlive", "true");
        // Its DETAIL quotes values of rows: "Key (email)=(…) already exists", and messages of exceptions are logged.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
    }
}

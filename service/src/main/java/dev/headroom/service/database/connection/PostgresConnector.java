package dev.headroom.service.database.connection;

import dev.headroom.service.database.json.JsonTypes;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.settings.Secret;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Opens connections to one server, or to whichever of a URL's hosts is wanted (docs/decisions/0100). A connection that is
 * handed out has everything that statements on it rely on, and nothing limits its silence.
 */
public final class PostgresConnector {

    /** Of a URL, everything between the slashes before and behind its hosts. */
    private static final Pattern HOSTS = Pattern.compile("^jdbc:postgresql://([^/?]*)");

    /** PgBouncer reports a refused login as a violation of the protocol. */
    private static final String REFUSED_BY_PGBOUNCER = "08P01";

    /** No connection, a lost one, or a server that is just starting. */
    private static final Set<String> UNREACHABLE = Set.of("", "08000", "08001", "08003", "08006", "57P03");

    private static final String TOO_MANY_CONNECTIONS = "53300";

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final String setting;
    private final String url;
    private final Properties properties;
    private final @Nullable Secret password;
    private final String session;
    private final Duration silence;

    /** The last password that was accepted here: a rotated file may be ahead of the server. */
    private volatile @Nullable String accepted;

    /**
     * Opens nothing yet.
     *
     * @param setting the setting that holds the URL
     * @param session what is set once a connection is open; empty for nothing
     * @param silence how long an open connection waits for an answer; zero for as long as it takes
     */
    private PostgresConnector(
            String setting,
            String url,
            Properties properties,
            @Nullable Secret password,
            String session,
            Duration silence) {
        this.setting = setting;
        this.url = url;
        this.properties = properties;
        this.password = password;
        this.session = session;
        this.silence = silence;
    }

    /** To {@code database.url}, for a pool. */
    public static PostgresConnector primary(DatabaseSettings settings) {
        return pooled(settings, "database.url", settings.url());
    }

    /** To the replica at this URL, for a pool. */
    public static PostgresConnector replica(DatabaseSettings settings, String url) {
        return pooled(settings, "database.replica.url", url);
    }

    private static PostgresConnector pooled(DatabaseSettings settings, String setting, String url) {
        Properties properties = basics(settings, url);
        properties.setProperty("binaryTransferDisable", JsonTypes.RECEIVED_AS_TEXT);
        // The driver takes the JVM's zone into the session; this makes it UTC wherever the service runs. PgBouncer
        // tracks the zone per client, so it holds behind one too.
        String session = "set time zone 'UTC'";
        if (settings.pgbouncer()) {
            properties.setProperty("prepareThreshold", "0");
            properties.setProperty("preparedStatementCacheQueries", "0");
        } else {
            // A PgBouncer in transaction mode refuses these options, so that without database.pgbouncer nothing is
            // left in sessions that others get.
            properties.setProperty(
                    "options",
                    "-c statement_timeout=" + settings.statementTimeout().toMillis()
                            + " -c IntervalStyle=postgres -c bytea_output=hex" + NOT_YET_READ_ONLY);
            session += "; set default_transaction_read_only = on";
        }
        return new PostgresConnector(setting, url, properties, settings.password(), session, Duration.ZERO);
    }

    /**
     * The driver tells a primary from a standby by this setting, of which a role may have another one. A session is made
     * read-only once its server was chosen.
     */
    private static final String NOT_YET_READ_ONLY = " -c default_transaction_read_only=off";

    /**
     * For what needs a session of its own: migrations, LISTEN, descriptions of statements. No statement timeout: a
     * migration may take its time.
     */
    public static PostgresConnector direct(DatabaseSettings settings) {
        String setting = settings.directUrl().isPresent() ? "database.direct-url" : "database.url";
        String url = settings.directUrl().orElse(settings.url());
        Properties properties = basics(settings, url);
        if (url.contains("targetServerType=")) {
            properties.setProperty("options", NOT_YET_READ_ONLY.strip());
        }
        return new PostgresConnector(setting, url, properties, settings.password(), "", Duration.ZERO);
    }

    /** For a watch that must not wait longer for an answer than until its next look, but a second at least. */
    public PostgresConnector watching(Duration interval) {
        Properties impatient = new Properties();
        impatient.putAll(properties);
        String seconds = seconds(interval);
        impatient.setProperty("socketTimeout", seconds);
        impatient.setProperty("connectTimeout", seconds);
        impatient.setProperty("loginTimeout", seconds(interval.multipliedBy(hosts(url))));
        return new PostgresConnector(
                setting, url, impatient, password, session, Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /**
     * A new physical connection; the caller closes it.
     *
     * @throws SQLException that says in plain words what to set; its cause is the driver's
     */
    public Connection open() throws SQLException {
        try {
            return opened();
        } catch (SQLException failure) {
            throw new SQLException(ConnectionFailureReason.reason(this, failure), failure.getSQLState(), failure);
        }
    }

    /** The same, repeated for so long while nobody is there. */
    Connection openWithin(Duration time) throws SQLException {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            try {
                return open();
            } catch (SQLException failure) {
                if (!isNobodyThere(failure) || System.nanoTime() - end >= 0 || !slept()) {
                    throw failure;
                }
            }
        }
    }

    /** False when the thread is interrupted. */
    private static boolean slept() {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Refused, unreachable or just starting; a login that is refused is not made more welcome by repetition. */
    private static boolean isNobodyThere(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.equals("08001") || state.equals("08006") || state.equals("57P03");
    }

    private Connection opened() throws SQLException {
        Connection connection = login();
        try {
            if (!session.isEmpty()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(session);
                }
            }
            if (!url.contains("socketTimeout=")) {
                connection.setNetworkTimeout(Runnable::run, (int) silence.toMillis());
            }
            return connection;
        } catch (SQLException | RuntimeException unusable) {
            connection.close();
            throw unusable;
        }
    }

    /** With the password as it is now; the one that was accepted last stands in while the server does not know it yet. */
    private Connection login() throws SQLException {
        if (password == null) {
            return DriverManager.getConnection(url, properties);
        }
        String now = password.value();
        try {
            Connection connection = login(now);
            accepted = now;
            return connection;
        } catch (SQLException refused) {
            String before = accepted;
            if (before == null || before.equals(now) || !isLoginRefused(refused)) {
                throw refused;
            }
            try {
                return login(before);
            } catch (SQLException both) {
                refused.addSuppressed(both);
                throw refused;
            }
        }
    }

    private Connection login(String secret) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("password", secret);
        return DriverManager.getConnection(url, all);
    }

    private static boolean isLoginRefused(SQLException refused) {
        String state = String.valueOf(refused.getSQLState());
        return state.startsWith("28") || state.equals(REFUSED_BY_PGBOUNCER);
    }

    /** A new physical connection each time; its owner closes it. */
    public DataSource dataSource() {
        return new ConnectorDataSource(this, Duration.ZERO, refusal -> {});
    }

    /**
     * For a pool. While nobody is there it would pause twice as long after each attempt, and calls would wait for that
     * although a standby has been promoted; so an attempt is repeated at short intervals before it counts as failed.
     *
     * @param time for how long
     */
    public DataSource persistentDataSource(Duration time, Consumer<SQLException> onTooMany) {
        return new ConnectorDataSource(this, time, onTooMany);
    }

    /** Whether the server, the database or the role has no connection left. */
    public static boolean isTooMany(@Nullable Throwable failure) {
        return failure instanceof SQLException told && TOO_MANY_CONNECTIONS.equals(told.getSQLState());
    }

    /**
     * Why there is no connection, with what to set.
     *
     * @param failure what {@link #open} threw, or the driver on an open connection; null when nothing came in time
     */
    public String refusal(@Nullable Throwable failure) {
        return switch (failure) {
            case PSQLException broken -> ConnectionFailureReason.broken(this, broken);
            case SQLException told -> String.valueOf(told.getMessage());
            case null, default -> ConnectionFailureReason.silence(this);
        };
    }

    /** Whether that is because nobody answers, and not because somebody refuses the connection. */
    public static boolean isUnreachable(@Nullable Throwable failure) {
        return !(failure instanceof SQLException told)
                || told.getSQLState() == null
                || UNREACHABLE.contains(told.getSQLState());
    }

    /** What happened on a connection, in the server's words or ours; of the driver's only where nothing else is known. */
    public static String messageOf(SQLException failure) {
        if (!(failure instanceof PSQLException driver)) {
            return String.valueOf(failure.getMessage());
        }
        ServerErrorMessage server = driver.getServerErrorMessage();
        if (server != null) {
            return String.valueOf(server.getMessage());
        }
        if (!String.valueOf(failure.getSQLState()).startsWith("08")) {
            return String.valueOf(failure.getMessage());
        }
        return failure.getCause() instanceof SocketTimeoutException
                ? "the database did not answer in time"
                : "the connection to the database broke";
    }

    String setting() {
        return setting;
    }

    /** The URL's hosts as it names them. */
    String hosts() {
        var named = HOSTS.matcher(url);
        return named.find() && !named.group(1).isEmpty() ? named.group(1) : "localhost";
    }

    String user() {
        return Objects.requireNonNullElse(properties.getProperty("user"), "");
    }

    private static int hosts(String url) {
        var named = HOSTS.matcher(url);
        return named.find() ? named.group(1).split(",", -1).length : 1;
    }

    private static Properties basics(DatabaseSettings settings, String url) {
        Properties properties = new Properties();
        if (settings.user() != null) {
            properties.setProperty("user", settings.user());
        }
        properties.setProperty("ApplicationName", "headroom-service");
        // One host that hangs must not use up the time of the others: each gets connect-timeout to accept the
        // connection and to answer.
        properties.setProperty("connectTimeout", seconds(settings.connectTimeout()));
        properties.setProperty("socketTimeout", seconds(settings.connectTimeout()));
        properties.setProperty("loginTimeout", seconds(settings.connectTimeout().multipliedBy(hosts(url))));
        properties.setProperty("tcpKeepAlive", "true");
        // Its DETAIL quotes values of rows: "Key (email)=(…) already exists", and messages of exceptions are logged.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
    }
}

package dev.headroom.service.database.settings;

import dev.headroom.service.settings.Secret;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The database and how it is used.
 *
 * @param directUrl past PgBouncer, for what needs a session (Flyway, LISTEN); the url itself where there is none
 * @param pgbouncer the url leads to a transaction-mode PgBouncer: no server-side prepares, no session state
 * @param statementTimeout after this the server cancels a statement
 * @param connectTimeout after this a connection attempt counts as failed
 */
public record DatabaseSettings(
        String url,
        @Nullable String user,
        @Nullable Secret password,
        Optional<String> directUrl,
        boolean pgbouncer,
        Duration statementTimeout,
        Duration connectTimeout,
        PoolSettings pool,
        Optional<ReplicaSettings> replica,
        WatchSettings watch) {
    private static final Pattern USER_IN_URL = Pattern.compile("[?&]user=");
    private static final Pattern WHO_BEFORE_THE_HOST = Pattern.compile("^jdbc:postgresql://[^/?]*@");

    /** Everything else at its default. */
    public static DatabaseSettings of(String url, @Nullable String user, @Nullable String password) {
        return new DatabaseSettings(
                url,
                user,
                password == null ? null : new Secret(password),
                Optional.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                PoolSettings.defaults(),
                Optional.empty(),
                WatchSettings.defaults());
    }

    /** Reads {@code database.*} and, for the slow statements, {@code profile.*}. */
    public static DatabaseSettings from(Config root, SettingsProblems problems) {
        SettingsSection database = new SettingsSection(root, problems).section("database");
        String url = database.text("url").orElse("");
        if (url.isEmpty()) {
            database.problem("url", "is required, for instance jdbc:postgresql://localhost:5432/app");
        }
        Optional<String> user = database.text("user");
        if (user.isPresent() && USER_IN_URL.matcher(url).find()) {
            database.problem("user", "database.url names a user as well: keep one of them");
        }
        Optional<String> direct = database.text("direct-url").map(it -> checkedUrl(database, "direct-url", it));
        boolean pgbouncer = database.flag("pgbouncer", false);
        if (pgbouncer && direct.isEmpty()) {
            database.problem(
                    "direct-url",
                    "is required with database.pgbouncer: migrations and LISTEN need a session, which a"
                            + " transaction-mode PgBouncer does not give");
        }
        return new DatabaseSettings(
                url.isEmpty() ? url : checkedUrl(database, "url", url),
                user.orElse(null),
                database.secret("password").orElse(null),
                direct,
                pgbouncer,
                database.duration(
                        "statement-timeout", Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofHours(1)),
                database.duration(
                        "connect-timeout", Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(1)),
                PoolSettings.from(database.section("pool")),
                ReplicaSettings.from(database.section("replica")),
                WatchSettings.from(root, problems));
    }

    static String checkedUrl(SettingsSection reader, String key, String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            reader.problem(key, "expected jdbc:postgresql://host:port/database");
        } else if (url.contains("password=")) {
            reader.problem(key, "holds a password, which would be logged; use database.password-file");
        } else if (WHO_BEFORE_THE_HOST.matcher(url).find()) {
            reader.problem(
                    key,
                    "holds a user before the host, which the driver takes for a part of the address and would log;"
                            + " use database.user and database.password-file");
        }
        return url;
    }

    /** The server cancels at the statement timeout; one that has said nothing after this no longer answers at all. */
    public Duration silence() {
        return statementTimeout.plusSeconds(2);
    }

    public DatabaseSettings withPool(PoolSettings newPool) {
        return new DatabaseSettings(
                url, user, password, directUrl, pgbouncer, statementTimeout, connectTimeout, newPool, replica, watch);
    }

    public DatabaseSettings withStatementTimeout(Duration timeout) {
        return new DatabaseSettings(
                url, user, password, directUrl, pgbouncer, timeout, connectTimeout, pool, replica, watch);
    }

    public DatabaseSettings withReplica(ReplicaSettings newReplica) {
        return new DatabaseSettings(
                url,
                user,
                password,
                directUrl,
                pgbouncer,
                statementTimeout,
                connectTimeout,
                pool,
                Optional.of(newReplica),
                watch);
    }

    public DatabaseSettings withWatch(WatchSettings newWatch) {
        return new DatabaseSettings(
                url, user, password, directUrl, pgbouncer, statementTimeout, connectTimeout, pool, replica, newWatch);
    }

    public DatabaseSettings behindPgBouncer(String direct) {
        return new DatabaseSettings(
                url, user, password, Optional.of(direct), true, statementTimeout, connectTimeout, pool, replica, watch);
    }
}

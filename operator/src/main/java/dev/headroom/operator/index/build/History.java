package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.index.look.Session;
import dev.headroom.operator.index.look.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Runs work as a Flyway migration outside a transaction, so that {@code flyway -table=headroom_index_history info} shows
 * what was done to the indexes of a schema and when.
 *
 * <p>Each piece of work is a migration of its own, with the time as its version. What failed leaves no row: it is tried
 * again, and Flyway would refuse to go on after a failed one.
 */
final class History {
    static final String TABLE = "headroom_index_history";
    private static final DateTimeFormatter VERSION =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS").withZone(ZoneOffset.UTC);
    /** Flyway calls for backups when a migration fails; a lock that was not free is no such case, and we report it. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    static {
        FLYWAY.setLevel(Level.OFF);
    }

    private final WorkSessions sessions;
    private final Clock clock;

    History(WorkSessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Runs it on a connection of its own, without a transaction around it; what it throws is thrown. */
    void run(String schema, String description, Work work, Connection tidy) throws SQLException, InterruptedException {
        String version = VERSION.format(clock.instant()) + "."
                + (1 + ProcessHandle.current().pid());
        WorkMigration migration = new WorkMigration(version, description, work);
        try {
            removeFailed(tidy, schema);
            flyway(schema, migration).migrate();
        } catch (FlywayException e) {
            removeFailedQuietly(tidy, schema);
            migration.rethrow();
            throw sqlException(e);
        }
        migration.rethrow();
        if (!migration.ran()) {
            throw new SQLException("Flyway did not run " + version + " " + description);
        }
    }

    private Flyway flyway(String schema, WorkMigration migration) {
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(sessions)
                .initSql(String.join("; ", Session.keptOpen()))
                .defaultSchema(schema)
                .createSchemas(false)
                .table(TABLE)
                .locations(new String[0])
                .skipDefaultResolvers(true)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .outOfOrder(true)
                .validateOnMigrate(false)
                .cleanDisabled(true)
                .javaMigrations(migration);
        // Otherwise Flyway holds its lock in a transaction, for which a concurrent build waits for ever.
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
        return flyway.load();
    }

    private static SQLException sqlException(FlywayException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException("Flyway: " + e.getMessage(), e);
    }

    private static void removeFailed(Connection connection, String schema) throws SQLException {
        String table = new Name(schema, TABLE).quoted();
        boolean exists = Sql.one(connection, "select to_regclass(?) is not null", row -> row.getBoolean(1), table);
        if (exists) {
            Sql.run(connection, "DELETE FROM " + table + " WHERE NOT success");
        }
    }

    private static void removeFailedQuietly(Connection connection, String schema) {
        try {
            removeFailed(connection, schema);
        } catch (SQLException e) {
            System.getLogger(History.class.getName())
                    .log(System.Logger.Level.DEBUG, "the failed row goes before the next try", e);
        }
    }

    /** The work of one migration. */
    @FunctionalInterface
    interface Work {
        void on(Connection connection) throws SQLException, InterruptedException;
    }
}

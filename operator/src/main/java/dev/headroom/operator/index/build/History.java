package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/**
 * The history of what was done to the indexes of each schema, as {@code flyway -table=headroom_index_history info} shows it:
 * one migration for each task, with the time as its version.
 *
 * <p>A run of Flyway costs more than a small index does, and it lets in one at a time in each schema. So a task is entered after
 * it ended, together with others of the last seconds, of whatever resources: no build ever waits for Flyway (decision 0126).
 */
public final class History {
    static final String TABLE = "headroom_index_history";
    private static final System.Logger LOG = System.getLogger(History.class.getName());
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final int DESCRIPTION_LIMIT = 200;
    private static final int MOST_KEPT = 1000;
    /** A database that is gone must not be asked, nor its password kept, for as long as the operator runs. */
    private static final Duration GIVEN_UP_AFTER = Duration.ofHours(1);

    private static final DateTimeFormatter VERSION =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS").withZone(ZoneOffset.UTC);
    /** Silent: it advises to restore a backup when only its lock is taken. Failures are logged by this class instead. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    static {
        FLYWAY.setLevel(Level.OFF);
    }

    private final Map<Place, Pending> pending = new LinkedHashMap<>();
    private Instant last = Instant.EPOCH;

    /**
     * One history, as one role sees it. Entries of several resources that use the same role are written together.
     *
     * @param database with the role: role@host:port/name
     */
    private record Place(String database, String schema) {}

    private record Pending(DatabaseAccess database, Instant since, List<Entry> entries) {}

    /** Enters what a task has done, at the latest when {@link #write} is called five seconds later. */
    void add(DatabaseAccess database, String schema, String description, Clock clock) {
        synchronized (pending) {
            Instant now = clock.instant();
            last = now.isAfter(last) ? now : last.plusMillis(1);
            String version =
                    VERSION.format(last) + "." + (1 + ProcessHandle.current().pid());
            put(new Place(database.toString(), schema), database, now, List.of(new Entry(last, version, description)));
        }
    }

    /** The newest access is the one whose password is right. */
    private void put(Place place, DatabaseAccess database, Instant now, List<Entry> more) {
        Pending before = pending.get(place);
        List<Entry> entries = before == null ? new ArrayList<>() : before.entries();
        entries.addAll(more);
        entries.subList(0, Math.max(0, entries.size() - MOST_KEPT)).clear();
        pending.put(place, new Pending(database, before == null ? now : before.since(), entries));
    }

    /**
     * Writes what has waited for five seconds, or everything. What cannot be written waits for the next call, and is given up after
     * an hour.
     */
    void write(boolean all, Clock clock) {
        for (Map.Entry<Place, Pending> each : taken(all, clock.instant()).entrySet()) {
            Place place = each.getKey();
            Pending batch = each.getValue();
            try {
                migrate(batch.database(), place.schema(), batch.entries());
            } catch (FlywayException e) {
                keep(place, batch, clock.instant(), reason(e));
            }
        }
    }

    private void keep(Place place, Pending batch, Instant now, String reason) {
        List<Entry> kept = new ArrayList<>(batch.entries());
        kept.removeIf(entry -> entry.at().isBefore(now.minus(GIVEN_UP_AFTER)));
        LOG.log(
                System.Logger.Level.WARNING,
                "{0}.{1} of {2} could not be written: {3}; entries that wait: {4}, given up after an hour: {5}",
                place.schema(),
                TABLE,
                batch.database().spec().identity(),
                reason,
                kept.size(),
                batch.entries().size() - kept.size());
        if (kept.isEmpty()) {
            return;
        }
        synchronized (pending) {
            DatabaseAccess newest =
                    pending.containsKey(place) ? pending.get(place).database() : batch.database();
            put(place, newest, now, kept);
        }
    }

    private Map<Place, Pending> taken(boolean all, Instant now) {
        synchronized (pending) {
            Map<Place, Pending> due = new LinkedHashMap<>(pending);
            due.values().removeIf(each -> !all && now.isBefore(each.since().plus(LONGEST_WAIT)));
            pending.keySet().removeAll(due.keySet());
            return due;
        }
    }

    private static void migrate(DatabaseAccess database, String schema, List<Entry> entries) {
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(sessionsOf(database))
                .defaultSchema(schema)
                .createSchemas(false)
                .table(TABLE)
                .locations(new String[0])
                .skipDefaultResolvers(true)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .outOfOrder(true)
                .group(true)
                .validateOnMigrate(false)
                .cleanDisabled(true)
                .javaMigrations(entries.toArray(JavaMigration[]::new));
        // In a transaction, Flyway's lock would be a snapshot that other builds wait for.
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
        flyway.load().migrate();
    }

    private static DataSource sessionsOf(DatabaseAccess database) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return database.open("history");
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private static String reason(FlywayException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return String.valueOf(sql.getMessage());
            }
        }
        return String.valueOf(e.getMessage());
    }

    /** Something that is done already. */
    private record Entry(Instant at, String version, String text) implements JavaMigration {
        @Override
        public MigrationVersion getVersion() {
            return MigrationVersion.fromVersion(version);
        }

        @Override
        public String getDescription() {
            return text.length() <= DESCRIPTION_LIMIT ? text : text.substring(0, DESCRIPTION_LIMIT);
        }

        @Override
        public @Nullable Integer getChecksum() {
            return null;
        }

        @Override
        public boolean canExecuteInTransaction() {
            return true;
        }

        @Override
        public void migrate(Context context) {}
    }
}

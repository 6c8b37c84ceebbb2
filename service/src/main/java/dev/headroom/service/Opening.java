package dev.headroom.service;

import dev.headroom.service.catalog.check.CatalogCheck;
import dev.headroom.service.catalog.check.CheckReport;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.SampleData;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.profile.StatementProfile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What happens between listening and serving: the database is reached, the tables are brought up to date, every statement
 * is prepared. While the database is not there we wait for it: a service that dies with its database needs somebody to
 * start it again (docs/decisions/0043).
 */
final class Opening {
    private static final System.Logger LOG = System.getLogger(Opening.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final Database database;
    private final LoadedCatalogs catalogs;
    private final ServiceSettings settings;
    private String lastReason = "";
    private long lastReasonAt;

    Opening(Database database, LoadedCatalogs catalogs, ServiceSettings settings) {
        this.database = database;
        this.catalogs = catalogs;
        this.settings = settings;
    }

    /**
     * Returns once the database was asked; whoever interrupts the thread wants no answer any more. Failures that pass, as
     * an unreachable server or a lock of another session, only delay it.
     */
    CheckReport open() throws InterruptedException, SQLException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return StatementProfile.inBackground(StatementProfile.START, this::attempt);
            } catch (DatabaseFailure notYet) {
                if (notYet.retryAfter().isEmpty()) {
                    throw notYet;
                }
                logWaiting(String.valueOf(notYet.getMessage()));
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /**
     * That we wait; and why, unless the pool has just said it. Another reason at once, the same one again after a minute:
     * somebody may have begun to read.
     */
    private void logWaiting(String why) {
        long now = System.nanoTime();
        boolean first = lastReason.isEmpty();
        boolean alreadySaid = database.pool().isOut();
        if (first || now - lastReasonAt >= REMINDER.toNanos() || (!why.equals(lastReason) && !alreadySaid)) {
            lastReason = why;
            lastReasonAt = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the service waits for the database, and is not ready until it has answered{0}",
                    first && alreadySaid ? "" : ": " + why);
        }
    }

    private CheckReport attempt() throws SQLException {
        database.describe("select 1"); // the first of all takes its time, which is no slow statement
        if (settings.catalogs().migrate()) {
            new SchemaMigrations(database.direct()).migrate(catalogs.loaded());
        }
        if (settings.sampleScale() > 0) {
            List<SampleData.HoldsRows> untouched = CatalogTasks.fill(
                    settings,
                    database,
                    catalogs,
                    settings.sampleScale(),
                    said -> LOG.log(System.Logger.Level.INFO, said));
            if (!untouched.isEmpty()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "the tables of {0} hold rows already, as after an earlier start: these are kept, and no sample"
                                + " data is added",
                        untouched.stream().map(SampleData.HoldsRows::catalog).collect(Collectors.joining(", ")));
            }
        }
        return new CatalogCheck(database).check(catalogs);
    }
}

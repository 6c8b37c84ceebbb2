package dev.headroom.service.answers;

import dev.headroom.service.cache.Hearing;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.schema.ChangeNotices;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.changes.ChangeTriggers;
import dev.headroom.service.database.changes.TableChanges;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.support.Suggestion;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has the cache notified of changes, beside the first requests: finds out which tables the answers are made from, adds the
 * triggers that are missing, and only then listens, so that no change of these tables is missed. What could not be done is
 * tried again every minute.
 */
final class ChangeWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ChangeWatch.class.getName());
    /** How often it looks whether anything was defined anew, and tries again what could not be done. */
    static final Duration AGAIN = Duration.ofMinutes(1);

    private static final Duration SOON = Duration.ofSeconds(2);

    private final EndpointTables tables;
    private final List<Endpoint> endpoints;
    private final Map<Endpoint, Runnable> others;
    private final ChangeNotices notices;
    private final Hearing hearing;
    private final Duration again;
    private final TableChanges changes;
    private final Thread thread;
    /** Tables that are known to have no trigger that fires. */
    private final Set<String> silentSoFar = ConcurrentHashMap.newKeySet();
    /** Warnings that one look after the other would repeat. */
    private final Set<String> warned = new HashSet<>();

    private boolean failureLogged;
    private boolean listening;
    private volatile boolean closed;

    /**
     * Wires everything, and does nothing yet.
     *
     * @param kept the endpoints whose answers are kept
     * @param others what else is to be done when an endpoint's rows change
     * @param again how often what could not be done is tried again
     */
    ChangeWatch(
            Database database,
            EndpointTables tables,
            List<Endpoint> kept,
            Map<Endpoint, Runnable> others,
            ChangeNotices notices,
            Hearing hearing,
            Duration again) {
        this.tables = tables;
        this.endpoints = Stream.concat(kept.stream(), others.keySet().stream()).toList();
        this.others = others;
        this.notices = notices;
        this.hearing = hearing;
        this.again = again;
        this.changes = new TableChanges(database.direct(), hearing);
        this.thread = Thread.ofVirtual().name("change-watch").unstarted(this::watch);
    }

    void start() {
        others.forEach((endpoint, todo) -> hearing.onChange(changed -> {
            if (changed.isEmpty() || tables.reads(endpoint, changed)) {
                todo.run();
            }
        }));
        thread.start();
    }

    private void watch() {
        try {
            while (!attempt()) {
                Thread.sleep(SOON);
            }
            changes.start();
            listening = true;
            while (true) {
                Thread.sleep(again);
                attempt();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when it is known of every endpoint what it reads, and of every such table whether it has the trigger. */
    private boolean attempt() {
        try (Connection connection = tables.connect()) {
            EndpointTables.Learnt learnt = tables.learn(endpoints, connection);
            connection.setAutoCommit(true);
            Set<String> newlyNotifying = addTriggers(connection, learnt);
            // Only now: no answer made from a new table may be cached before its changes are notified.
            tables.publish(learnt);
            count(learnt, newlyNotifying);
            return !learnt.definitions().isEmpty()
                    ? done()
                    : failed(tables.unanswered().orElse("not all that is read could be asked for"), null);
        } catch (SQLException | RuntimeException notNow) { // whatever it is, this one look is not the last
            return failed(
                    notNow instanceof SQLException e ? PostgresConnector.messageOf(e) : notNow.toString(), notNow);
        }
    }

    private boolean done() {
        if (failureLogged) {
            failureLogged = false;
            LOG.log(System.Logger.Level.INFO, "the tables that endpoints read are known again");
        }
        return true;
    }

    /** Logged once until it is done: else an instance that never listens would be slow for no visible reason. */
    private boolean failed(String why, @Nullable Exception failure) {
        LOG.log(System.Logger.Level.DEBUG, "cannot look after the tables now", failure);
        if (!failureLogged && !closed) {
            failureLogged = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the service cannot find out which tables the endpoints read ({0}) and tries again; until then {1}",
                    why,
                    listening
                            ? "a view, table or partition that is redefined goes unnoticed"
                            : "no change of a table is noticed, and answers are cached for cache.blind-fresh at most");
        }
        return false;
    }

    /** Adds missing triggers. Returns the tables whose changes are notified only from now on. */
    private Set<String> addTriggers(Connection connection, EndpointTables.Learnt learnt) throws SQLException {
        Set<String> all = tables.all();
        all.addAll(learnt.tables());
        if (tables.isAnyUntold()) {
            // Answers may be made from each of ours, so each needs its trigger.
            all.addAll(notices.ours(connection));
        }
        Map<String, String> refused = notices.install(connection, all);
        Set<String> silent = new HashSet<>(ChangeTriggers.withoutActiveTrigger(connection, all));
        Set<String> newlyNotifying = new HashSet<>(silentSoFar);
        newlyNotifying.removeIf(table -> !all.contains(table) || silent.contains(table));
        silentSoFar.removeAll(newlyNotifying);
        silent.stream().filter(silentSoFar::add).forEach(table -> complain(table, refused));
        warnOfReplication(ChangeTriggers.silentWhenReplicated(connection, all), refused);
        warnOfPreparing(connection, all);
        if (!learnt.definitions().isEmpty()) { // all is known that is read
            warnOfUnknown(all);
        }
        return newlyNotifying;
    }

    /** Tables without a trigger that fires: answers made from them live as long as their policy says. */
    Set<String> silentTables() {
        return Set.copyOf(silentSoFar);
    }

    private void warnOfReplication(List<String> tables, Map<String, String> refused) {
        for (String table : tables) {
            warn(
                    "replicated " + table,
                    "the change trigger of table {0} does not fire for replicated writes (logical replication, restores under"
                            + " session_replication_role = replica): run docs/change-triggers.sql again as its owner{1}",
                    table,
                    refused.containsKey(table) ? " (" + refused.get(table) + ")" : "");
        }
    }

    /** The server allows it, so an application may do so; whether one does shows only when it fails. */
    private void warnOfPreparing(Connection connection, Set<String> tables) throws SQLException {
        List<String> having = ChangeTriggers.withTrigger(connection, tables).stream()
                .filter(table -> !notices.isWithoutTrigger(table))
                .toList();
        if (!having.isEmpty() && ChangeTriggers.canPrepareTransactions(connection)) {
            warn(
                    "prepare",
                    "max_prepared_transactions of the database is above 0: PREPARE TRANSACTION fails for transactions that"
                            + " change a table with our trigger; if an application prepares some, list their tables in"
                            + " cache.tables-without-trigger (of {0})",
                    String.join(", ", having));
        }
        for (String table : ChangeTriggers.withTrigger(connection, notices.withoutTrigger())) {
            warn(
                    "unwanted " + table,
                    "cache.tables-without-trigger names {0}, which has our change trigger: its owner should"
                            + " drop trigger headroom_changed on {0}",
                    table);
        }
    }

    /** A slip of the pen would leave a table its trigger. */
    private void warnOfUnknown(Set<String> tables) {
        for (String table : notices.withoutTrigger()) {
            if (!tables.contains(table)) {
                warn(
                        "unknown " + table,
                        "cache.tables-without-trigger names {0}, from which no kept answer is made: {1}",
                        table,
                        Suggestion.hint(table, tables));
            }
        }
    }

    private void warn(String key, String message, Object... details) {
        if (warned.add(key)) {
            LOG.log(System.Logger.Level.WARNING, message, details);
        }
    }

    /** Counts tables as changed whose trigger is new, as they may have changed before, and those that are read in another way now. */
    private void count(EndpointTables.Learnt learnt, Set<String> newlyNotifying) {
        Map<String, String> news = new HashMap<>();
        learnt.reads()
                .forEach((endpoint, reads) ->
                        reads.tables().forEach(table -> news.put(table, "read:" + reads.definition())));
        learnt.broken()
                .forEach(endpoint ->
                        tables.known(endpoint).forEach(table -> news.put(table, "broken:" + UUID.randomUUID())));
        newlyNotifying.forEach(table -> news.put(table, "tells:" + UUID.randomUUID()));
        if (!news.isEmpty()) {
            hearing.changed(news);
        }
    }

    private void complain(String table, Map<String, String> refused) {
        if (notices.isWithoutTrigger(table)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "table {0} has no change trigger (cache.tables-without-trigger), so cached answers made from it live as"
                            + " long as their policy says",
                    table);
            return;
        }
        String why = refused.containsKey(table)
                ? "adding one failed, " + refused.get(table)
                : "docs/change-triggers.sql adds one";
        LOG.log(
                System.Logger.Level.WARNING,
                "table {0} has no change trigger, so cached answers made from it live as long as their policy says: {1}",
                table,
                why);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        changes.close();
    }
}

package dev.headroom.service.answers;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.check.ReadTables;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.connection.PostgresConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which tables each endpoint reads, asked of the database when that is first needed, one endpoint at a time. Before it is
 * known nothing is cached, so that no entry outlives a change that should have ended it. Asked again when something was
 * redefined there.
 */
final class EndpointTables {
    private static final System.Logger LOG = System.getLogger(EndpointTables.class.getName());
    private static final List<String> ANY = List.of(CacheKey.ANY_TABLE);

    /** A broken connection, no resources, a shutdown, a time-out, a lock that somebody holds. All else is refused again. */
    private static final List<String> PASSING = List.of("08", "53", "57P", "57014", "55P03");

    private static final long PATIENCE_MILLIS = 1_000;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReadTables asking;
    private final Map<String, Reads> known = new ConcurrentHashMap<>();
    private final Map<String, Unanswered> unanswered = new ConcurrentHashMap<>();
    /** Requests ask one after the other: each look is a connection. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final AtomicLong version = new AtomicLong();
    /** Refusals that are not an endpoint's own, in the server's words. */
    private final Set<String> loggedRefusals = ConcurrentHashMap.newKeySet();
    /** {@link ReadTables#definitions} when all that is known was asked for; empty where they were others in between. */
    private volatile String definitions = "";

    /**
     * What an endpoint's answers are made from.
     *
     * @param tables as {@code schema.table}, sorted
     * @param definition how they are read: answers of another one are other answers
     */
    record Reads(List<String> tables, String definition) {
        boolean isUntold() {
            return tables.equals(ANY);
        }
    }

    /**
     * What was learnt, to be told to {@link #publish} when the tables in it tell of their changes.
     *
     * @param reads what endpoints read now, by their names, of those that did read something else
     * @param broken endpoints that read something that is no longer there
     * @param definitions what all this was asked of; empty where not everything could be asked
     */
    record Learnt(Map<String, Reads> reads, Set<String> broken, String definitions) {
        Set<String> tables() {
            Set<String> all = new TreeSet<>();
            reads.values().forEach(each -> all.addAll(each.tables()));
            all.remove(CacheKey.ANY_TABLE);
            return all;
        }
    }

    /** Not before then is it asked again. */
    private record Unanswered(long askAgain, String why) {}

    EndpointTables(Database database) {
        this.asking = new ReadTables(database.direct());
    }

    Connection connect() throws SQLException {
        return asking.connect();
    }

    /**
     * Asks for all that may be different from what is known; requests that need one come in between. What was not known
     * at all is known from then on.
     */
    Learnt learn(List<Endpoint> endpoints, Connection connection) throws SQLException {
        String now = ReadTables.definitions(connection);
        if (now.equals(definitions)) {
            return new Learnt(Map.of(), Set.of(), now);
        }
        Map<String, Reads> others = new LinkedHashMap<>();
        Set<String> broken = new TreeSet<>();
        boolean all = true;
        for (Endpoint endpoint : endpoints) {
            Reads before = known.get(endpoint.name());
            if (before == null) {
                all &= of(endpoint, () -> ask(endpoint, connection)).isPresent();
                continue;
            }
            turn.lock();
            try {
                Reads after = reads(asking.of(endpoint, connection));
                if (!after.equals(before)) {
                    others.put(endpoint.name(), after);
                }
            } catch (SQLException refused) {
                if (isPassing(refused)) {
                    all = false;
                } else if (before.isUntold() || isNeverTold(refused)) {
                    others.put(endpoint.name(), new Reads(ANY, now));
                } else {
                    broken.add(endpoint.name());
                    complain(endpoint, refused, "its answers end");
                }
            } finally {
                turn.unlock();
            }
        }
        return new Learnt(others, broken, all ? now : "");
    }

    /** From now on this is what they read. */
    void publish(Learnt learnt) {
        known.putAll(learnt.reads());
        definitions = learnt.definitions();
        if (!learnt.reads().isEmpty()) {
            version.incrementAndGet();
        }
    }

    /** Another one after {@link #publish}: as long as it stands, so does what {@link #of} gave after it was asked for. */
    long version() {
        return version.get();
    }

    /** What it reads; nothing as long as the database does not tell. */
    Optional<Reads> of(Endpoint endpoint) {
        return of(endpoint, () -> {
            try (Connection connection = asking.connect()) {
                return ask(endpoint, connection);
            }
        });
    }

    private interface Asking {
        Reads reads() throws SQLException;
    }

    private Optional<Reads> of(Endpoint endpoint, Asking how) {
        Reads reads = known.get(endpoint.name());
        if (reads != null) {
            return Optional.of(reads);
        }
        try {
            if (!turn.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(known.computeIfAbsent(endpoint.name(), first -> unlessPassing(endpoint, how)));
        } finally {
            turn.unlock();
        }
    }

    /** An endpoint of which the database does not tell for the time being, and why. */
    Optional<String> unanswered() {
        return unanswered.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue().why())
                .min(Comparator.naturalOrder());
    }

    /** Whether a change of these tables changes the endpoint's answers; where that is not known, it does. */
    boolean reads(Endpoint endpoint, Set<String> changed) {
        Reads reads = known.get(endpoint.name());
        return reads == null || reads.isUntold() || reads.tables().stream().anyMatch(changed::contains);
    }

    /** The tables that an endpoint is known to read. */
    List<String> known(String endpoint) {
        Reads reads = known.get(endpoint);
        return reads == null ? List.of() : reads.tables();
    }

    /** Every table that some endpoint is known to read. */
    Set<String> all() {
        Set<String> all = new TreeSet<>();
        known.values().forEach(each -> all.addAll(each.tables()));
        all.remove(CacheKey.ANY_TABLE);
        return all;
    }

    /** Whether there is an endpoint of which the database will not tell what it reads. */
    boolean isAnyUntold() {
        return known.values().stream().anyMatch(Reads::isUntold);
    }

    private @Nullable Reads unlessPassing(Endpoint endpoint, Asking how) {
        long now = System.nanoTime();
        Unanswered before = unanswered.get(endpoint.name());
        if (before != null && now - before.askAgain() < 0) {
            return null;
        }
        try {
            Reads reads = how.reads();
            unanswered.remove(endpoint.name());
            return reads;
        } catch (SQLException notNow) {
            unanswered.put(
                    endpoint.name(),
                    new Unanswered(System.nanoTime() + PAUSE_NANOS, PostgresConnector.messageOf(notNow)));
            LOG.log(System.Logger.Level.DEBUG, "cannot ask now which tables are read", notNow);
            return null;
        }
    }

    private Reads ask(Endpoint endpoint, Connection connection) throws SQLException {
        try {
            return reads(asking.of(endpoint, connection));
        } catch (SQLException refused) {
            if (isPassing(refused)) {
                throw refused;
            }
            complain(endpoint, refused, "a change of any table ends its answers");
            return new Reads(ANY, ReadTables.definitions(connection));
        }
    }

    private static Reads reads(ReadTables.Reads found) {
        List<String> tables = found.tables().stream()
                .map(table -> table.schema() + '.' + table.name())
                .sorted()
                .toList();
        return new Reads(tables, CacheKey.digest(found.definition()));
    }

    private static boolean isPassing(SQLException refused) {
        String state = String.valueOf(refused.getSQLState());
        return PASSING.stream().anyMatch(state::startsWith);
    }

    /** Not the statement is refused but the question, whatever the statement reads. */
    private static boolean isNeverTold(SQLException refused) {
        return "42501".equals(refused.getSQLState()) || "25006".equals(refused.getSQLState());
    }

    /** A right that is missing is missing for all endpoints alike: it is logged once. */
    private void complain(Endpoint endpoint, SQLException refused, String so) {
        boolean itsOwn = !isNeverTold(refused);
        LOG.log(
                itsOwn || loggedRefusals.add(PostgresConnector.messageOf(refused))
                        ? System.Logger.Level.WARNING
                        : System.Logger.Level.DEBUG,
                "endpoint {0}: cannot find out which tables it reads, so {1}{2} ({3}){4}",
                endpoint.name(),
                so,
                itsOwn ? "" : ", and the same goes for every other endpoint that is refused so",
                PostgresConnector.messageOf(refused),
                whatToDo(String.valueOf(refused.getSQLState())));
    }

    private static String whatToDo(String state) {
        return switch (state) {
            case "42501" -> "; grant TEMPORARY on the database to database.user";
            case "25006" ->
                "; a standby sends no notifications of changes: set cache.changes to false, or database.url to the primary";
            default -> "";
        };
    }
}

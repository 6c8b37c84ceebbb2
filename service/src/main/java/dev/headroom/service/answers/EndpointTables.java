package dev.headroom.service.answers;

import dev.headroom.service.cache.CacheKey;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.check.ReadTables;
import dev.headroom.service.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which tables each endpoint reads, asked of the database when that is first needed, one endpoint at a time: before it is
 * known nothing is kept, so that no entry outlives a change that it should have been told of.
 */
final class EndpointTables {
    private static final System.Logger LOG = System.getLogger(EndpointTables.class.getName());
    private static final List<String> ANY = List.of(CacheKey.ANY_TABLE);

    /** The connection, the server's resources, its end, a lock that somebody holds. Anything else will be refused again. */
    private static final List<String> PASSING = List.of("08", "53", "57P", "57014", "55P03");

    private static final long PATIENCE_MILLIS = 1_000;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReadTables asking;
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final Map<String, Long> askAgain = new ConcurrentHashMap<>();
    private final ReentrantLock one = new ReentrantLock(true);

    EndpointTables(Database database) {
        this.asking = new ReadTables(database.direct());
    }

    /**
     * Asks for all that are not known yet, on one connection; requests that need one come in between.
     *
     * @return whether all are known now
     */
    boolean learn(List<Endpoint> endpoints) {
        boolean all = true;
        try (Connection connection = asking.connect()) {
            for (Endpoint endpoint : endpoints) {
                all &= of(endpoint, () -> asking.of(endpoint, connection)).isPresent();
            }
            return all;
        } catch (SQLException notNow) {
            LOG.log(System.Logger.Level.DEBUG, "cannot ask now which tables are read", notNow);
            return false;
        }
    }

    /** The tables as {@code schema.table}, sorted; nothing as long as the database does not tell. */
    Optional<List<String>> of(Endpoint endpoint) {
        return of(endpoint, () -> asking.of(endpoint));
    }

    private interface Asking {
        Set<ReadTables.Table> tables() throws SQLException;
    }

    private Optional<List<String>> of(Endpoint endpoint, Asking how) {
        List<String> tables = known.get(endpoint.name());
        if (tables != null) {
            return Optional.of(tables);
        }
        try {
            if (!one.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(known.computeIfAbsent(endpoint.name(), first -> ask(endpoint, how)));
        } finally {
            one.unlock();
        }
    }

    /** Whether a change of these tables changes the endpoint's answers; where that is not known, it does. */
    boolean reads(Endpoint endpoint, Set<String> changed) {
        List<String> tables = known.getOrDefault(endpoint.name(), ANY);
        return tables.equals(ANY) || tables.stream().anyMatch(changed::contains);
    }

    /** Every table that some endpoint is known to read. */
    Set<String> all() {
        Set<String> all = new TreeSet<>();
        known.values().forEach(all::addAll);
        all.remove(CacheKey.ANY_TABLE);
        return all;
    }

    /** Whether there is an endpoint of which the database will not tell what it reads. */
    boolean isAnyUntold() {
        return known.containsValue(ANY);
    }

    private @Nullable List<String> ask(Endpoint endpoint, Asking how) {
        long now = System.nanoTime();
        if (now - askAgain.getOrDefault(endpoint.name(), now) < 0) {
            return null;
        }
        try {
            return how.tables().stream()
                    .map(table -> table.schema() + '.' + table.name())
                    .sorted()
                    .toList();
        } catch (SQLException refused) {
            String state = String.valueOf(refused.getSQLState());
            if (PASSING.stream().anyMatch(state::startsWith)) {
                askAgain.put(endpoint.name(), System.nanoTime() + PAUSE_NANOS);
                LOG.log(System.Logger.Level.DEBUG, "cannot ask now which tables are read", refused);
                return null;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: cannot tell which tables it reads, so a change of any table ends its answers ({1}){2}",
                    endpoint.name(),
                    refused.getMessage(),
                    whatToDo(state));
            return ANY;
        }
    }

    private static String whatToDo(String state) {
        return switch (state) {
            case "42501" -> "; grant TEMPORARY on the database to database.user";
            case "25006" ->
                "; a standby hears of no changes: set cache.changes to false, or database.url to the primary";
            default -> "";
        };
    }
}

package dev.headroom.service.database.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one request did on the database: how many statements, how long they ran, how long they waited for a connection.
 * A request binds one around its work; whatever runs inside finds it, on its own thread and on forked ones.
 */
public final class StatementProfile {

    private static final ScopedValue<StatementProfile> CURRENT = ScopedValue.newInstance();

    private final String requestId;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private String route = "";
    private int count;
    private long queryNanos;
    private long waitNanos;

    public StatementProfile(String requestId) {
        this.requestId = requestId;
    }

    public static Optional<StatementProfile> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Does some work whose statements are counted in this profile. */
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    public String requestId() {
        return requestId;
    }

    /** For the log of slow statements; a request learns its route after it began. */
    public synchronized void route(String newRoute) {
        route = newRoute;
    }

    public synchronized String route() {
        return route;
    }

    public synchronized int queryCount() {
        return count;
    }

    /** The time that statements took on the server and on the way, without the waits for connections. */
    public synchronized long queryNanos() {
        return queryNanos;
    }

    public synchronized long waitNanos() {
        return waitNanos;
    }

    /** How often each statement ran, by name, in the order of its first run. */
    public synchronized Map<String, Integer> counts() {
        return new LinkedHashMap<>(counts);
    }

    synchronized void waited(long nanos) {
        waitNanos += nanos;
    }

    /** Tells how often the statement has run in this request. */
    synchronized int ran(String statement, long nanos) {
        count++;
        queryNanos += nanos;
        return counts.merge(statement, 1, Integer::sum);
    }
}

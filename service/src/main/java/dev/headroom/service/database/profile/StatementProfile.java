package dev.headroom.service.database.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one request did on the database: how many statements, how long they ran, how long they waited for a connection.
 * A request binds one around its work; whatever runs inside finds it, on its own thread and on forked ones.
 */
public final class StatementProfile {

    private static final ScopedValue<StatementProfile> CURRENT = ScopedValue.newInstance();
    private static final ScopedValue<String> BACKGROUND = ScopedValue.newInstance();
    private static final long BETWEEN_CALLS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The work before the service serves, whose statements are none of a catalog. */
    public static final String START = "start-up";

    private final String requestId;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private String route = "";
    private int count;
    private long queryNanos;
    private long waitNanos;
    private boolean waitedInVain;
    private boolean shared;
    private boolean calledOff;
    private @Nullable Runnable cancel;

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

    /**
     * Does some work for no request.
     *
     * @param name as the log of slow statements calls it
     */
    public static <T, X extends Throwable> T inBackground(String name, ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(BACKGROUND, name).call(work);
    }

    /** Whether what runs is part of a start, or of a task in place of one. */
    public static boolean isStart() {
        return backgroundWork().equals(START);
    }

    /** Why a statement runs that is no request's. Refreshes of stale answers have no name of their own. */
    static String backgroundWork() {
        return BACKGROUND.orElse("background refresh");
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

    /** The request waited for its answer to be computed, and then got an older one. */
    public synchronized void waitedInVain() {
        waitedInVain = true;
    }

    public synchronized boolean hasWaitedInVain() {
        return waitedInVain;
    }

    /** How often each statement ran, by name, in the order of its first run. */
    public synchronized Map<String, Integer> counts() {
        return new LinkedHashMap<>(counts);
    }

    /** From now on others may want what comes of it: it can no longer be called off. */
    public synchronized void share() {
        shared = true;
        calledOff = false; // by a client that had left before it was known
    }

    /**
     * Nobody waits for the answer any more: what runs for it is cancelled, and nothing more begins. Returns when nothing
     * runs any more: a statement that was about to begin takes no notice of the first call.
     */
    public void callOff() {
        synchronized (this) {
            calledOff = !shared;
        }
        for (Runnable running = toCancel(); running != null; running = toCancel()) {
            running.run();
            LockSupport.parkNanos(BETWEEN_CALLS);
            if (Thread.currentThread().isInterrupted()) {
                return; // all ends, and waiting would not wait any more
            }
        }
    }

    private synchronized @Nullable Runnable toCancel() {
        return calledOff ? cancel : null;
    }

    public synchronized boolean isCalledOff() {
        return calledOff;
    }

    /** Runs a statement, which is cancelled in this way when the work is called off meanwhile. */
    public <T, X extends Throwable> T cancellable(Runnable how, ScopedValue.CallableOp<T, X> statement) throws X {
        cancelBy(how);
        try {
            return statement.call();
        } finally {
            cancelBy(null);
        }
    }

    private synchronized void cancelBy(@Nullable Runnable how) {
        cancel = how;
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

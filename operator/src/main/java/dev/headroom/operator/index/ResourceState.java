package dev.headroom.operator.index;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.index.build.Attempts;
import dev.headroom.operator.index.build.IndexWork;
import dev.headroom.operator.index.build.IndexWork.Order;
import dev.headroom.operator.index.look.ShapeProbe;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What the index concern remembers about one resource; losing it costs a try too early and an event too many. */
final class ResourceState implements Concern.State {
    final ShapeProbe probe = new ShapeProbe();
    final Attempts attempts;
    private IndexUsage usage = new IndexUsage();
    private @Nullable String server;
    private Map<String, State> reported = Map.of();
    private @Nullable IndexWork work;
    private boolean closed;

    ResourceState(Clock clock) {
        this.attempts = new Attempts(clock, () -> ThreadLocalRandom.current().nextLong());
    }

    /** What is remembered by oid, or was tried, is about the server and database that it was seen on. */
    synchronized void lookedAt(String identity) {
        if (server != null && !server.equals(identity)) {
            usage = new IndexUsage();
            reported = Map.of();
            attempts.forget();
        }
        server = identity;
    }

    synchronized IndexUsage usage() {
        return usage;
    }

    synchronized Optional<IndexWork> running() {
        if (work != null && !work.isRunning()) {
            work = null; // it holds a whole observation, and the way to the database
        }
        return Optional.ofNullable(work);
    }

    /** Starts work, or tells the work under way how things are wanted now. */
    synchronized void work(Order order) {
        if (closed) {
            return;
        }
        if (work != null && work.isRunning() && !work.isOn(order.database())) {
            work.cancel(); // the look after its end begins anew
        } else if (work != null && work.isRunning()) {
            work.goOnWith(order);
        } else {
            work = IndexWork.start(order);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        running().ifPresent(IndexWork::cancel);
    }

    @Override
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        Optional<IndexWork> running = running();
        return running.isEmpty() || running.get().awaitEnd(limit);
    }

    synchronized Map<String, State> reported(List<IndexStatus> indexes) {
        Map<String, State> before = reported;
        Map<String, State> now = new LinkedHashMap<>();
        indexes.forEach(index -> now.put(index.table() + "." + index.name(), index.state()));
        reported = now;
        return before;
    }
}

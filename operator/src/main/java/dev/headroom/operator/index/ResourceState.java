package dev.headroom.operator.index;

import dev.headroom.insight.UsageSnapshot;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.index.build.Attempts;
import dev.headroom.operator.index.build.IndexWork;
import dev.headroom.operator.index.build.IndexWork.Order;
import dev.headroom.operator.index.look.ShapeProbe;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What the index concern remembers about one resource; losing it costs a try too early and an event too many. */
final class ResourceState implements Concern.State {
    private static final Duration USAGE_EVERY = Duration.ofMinutes(1);

    final ShapeProbe probe = new ShapeProbe();
    final Attempts attempts;
    private Map<String, State> reported = Map.of();
    private @Nullable IndexWork work;
    private boolean closed;
    private @Nullable UsageSnapshot firstUse;
    private @Nullable UsageWindow window;
    private Instant usageReadAt = Instant.EPOCH;

    ResourceState(Clock clock) {
        this.attempts = new Attempts(clock, () -> ThreadLocalRandom.current().nextLong());
    }

    synchronized Optional<IndexWork> running() {
        return Optional.ofNullable(work).filter(IndexWork::isRunning);
    }

    /** Starts work, or tells the work under way how things are wanted now. */
    synchronized void work(Order order) {
        if (closed) {
            return;
        }
        if (work != null && work.isRunning()) {
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

    /**
     * Since the first look of this process: a restart of the operator begins the window anew. The server is asked once in a while,
     * not at each look.
     */
    synchronized UsageWindow window(Connection connection, Collection<String> schemas, Instant now)
            throws SQLException {
        UsageWindow last = window;
        if (last != null && now.isBefore(usageReadAt.plus(USAGE_EVERY))) {
            return last;
        }
        UsageSnapshot use = UsageSnapshot.of(connection, schemas);
        if (firstUse == null) {
            firstUse = use;
        }
        UsageWindow next = UsageWindow.between(firstUse, use);
        if (next.since().isAfter(firstUse.takenAt())) {
            firstUse = use;
        }
        usageReadAt = now;
        window = next;
        return next;
    }
}

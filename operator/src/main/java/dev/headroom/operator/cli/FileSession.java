package dev.headroom.operator.cli;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.metrics.Meters;
import dev.headroom.operator.reconcile.Claims;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The concerns at work on the resources of one file, until closed. */
final class FileSession implements AutoCloseable {

    private final FileOptions options;
    private final ResourceFile file;
    private final Clock clock;
    private final Concerns concerns;
    private final ConnectionCount connections;
    private final Semaphore moved = new Semaphore(0);

    FileSession(FileOptions options, Function<Meters, List<Concern>> concerns, Clock clock) {
        Meters meters = new Meters();
        this.options = options;
        this.file = options.read();
        this.clock = clock;
        this.concerns = new Concerns(concerns.apply(meters));
        this.connections = new ConnectionCount(meters);
    }

    List<DbPerformance> resources() {
        return file.resources();
    }

    List<ConcernOutcome> look(DbPerformance resource, Mode mode) {
        return concerns.look(new Pass(
                Claims.idOf(resource),
                resource.getSpec(),
                mode,
                options.access(resource, file, connections),
                Claims.takenFrom(resource, file.resources()),
                Claims.declaredElsewhere(resource, file.resources()),
                clock,
                moved::release));
    }

    /** Waits until a concern says that something moved, and no longer than this. */
    void await(Duration longest) throws InterruptedException {
        if (moved.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            moved.drainPermits();
        }
    }

    @Override
    public void close() {
        concerns.stop();
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.database.DatabaseAccess;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * The deletion of a resource: its work is stopped, what it may drop is dropped, and then it is let go. It is let go
 * also when the database cannot be asked for as long as our patience, counted from the deletion itself, so that neither
 * a restart of the operator nor a database that is gone keeps a namespace from ending.
 */
final class Departure {

    private final Concerns concerns;
    private final Clock clock;
    private final Duration patience;

    Departure(Concerns concerns, Clock clock, Duration patience) {
        this.concerns = concerns;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * @param gone the finalizer can go
     * @param complete nothing was left undone
     */
    record Step(boolean gone, boolean complete, String message) {}

    Step step(DbPerformance resource, Access access, Function<DatabaseAccess, Pass> pass) {
        Concerns.Release release = switch (access) {
            case Access.Open open -> concerns.release(pass.apply(open.database()));
            case Access.Closed closed -> withoutDatabase(resource, closed);
        };
        if (release.done()) {
            return new Step(true, true, release.message());
        }
        Instant since = Instant.parse(resource.getMetadata().getDeletionTimestamp());
        if (Duration.between(since, clock.instant()).compareTo(patience) < 0) {
            return new Step(false, false, release.message());
        }
        return new Step(
                true,
                false,
                "let go after " + patience.toSeconds() + " s without being able to finish: " + release.message()
                        + "; what this resource built stays in the database");
    }

    /** Where nothing is to be dropped, nothing needs to be asked: also when the secret went first. */
    private Concerns.Release withoutDatabase(DbPerformance resource, Access.Closed closed) {
        concerns.forget(Claims.idOf(resource));
        boolean nothingToDrop = resource.getSpec().indexes().removal() == Removal.RETAIN;
        return new Concerns.Release(
                nothingToDrop,
                nothingToDrop ? "stopped; its indexes stay" : closed.why().message());
    }
}

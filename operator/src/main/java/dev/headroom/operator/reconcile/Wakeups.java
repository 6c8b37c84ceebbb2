package dev.headroom.operator.reconcile;

import dev.headroom.operator.crd.DbPerformance;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Asks for another pass from outside of Kubernetes: a build went on, a secret changed, a neighbour moved. */
final class Wakeups extends AbstractEventSource<Void, DbPerformance> {

    Wakeups() {
        super(Void.class, "wakeups");
    }

    void wake(ResourceID resource) {
        if (isRunning()) {
            getEventHandler().handleEvent(new Event(resource));
        }
    }

    /** Nothing to look up: it only wakes. */
    @Override
    public Set<Void> getSecondaryResources(DbPerformance primary) {
        return Set.of();
    }
}

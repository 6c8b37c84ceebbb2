package dev.headroom.operator.reconcile;

import dev.headroom.operator.metrics.Meters;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;

/**
 * Whether this process may act. A lease that is lost while we run (the API server could not be reached for too long) is
 * told to {@code lost}: somebody else acts by now. A lease given back because we stop is not.
 */
public final class Leadership {

    private final Runnable lost;
    private volatile boolean leads;
    private volatile boolean stopping;

    public Leadership(Meters meters, boolean alone, Runnable lost) {
        this.leads = alone;
        this.lost = lost;
        meters.gauge(
                "headroom_leader", "Whether this process acts (1) or waits for the lease (0).", () -> leads ? 1 : 0);
    }

    public boolean leads() {
        return leads;
    }

    /** From now on the end of our lead is no surprise. */
    public void stops() {
        stopping = true;
    }

    public LeaderCallbacks callbacks() {
        return new LeaderCallbacks(() -> leads = true, this::ended, leader -> {});
    }

    private void ended() {
        leads = false;
        if (!stopping) {
            lost.run();
        }
    }
}

package dev.headroom.operator.reconcile;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Whether this process may act. A lease that is lost while we run (the API server could not be reached for too long) is
 * told to {@code lost}: somebody else acts by now. A lease given back because we stop is not.
 */
public final class Leadership {

    private final Runnable lost;
    private volatile boolean leads;
    private volatile boolean stopping;

    public Leadership(MeterRegistry metrics, boolean alone, Runnable lost) {
        this.leads = alone;
        this.lost = lost;
        Gauge.builder("headroom.leader", () -> leads ? 1 : 0)
                .description("Whether this process acts (1) or waits for the lease (0).")
                .register(metrics);
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

package dev.headroom.operator.reconcile;

import dev.headroom.operator.metrics.Meters;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;

/** Whether this process may act. */
public final class Leadership {

    private volatile boolean leads;

    public Leadership(Meters meters, boolean alone) {
        this.leads = alone;
        meters.gauge("headroom_leader", "1 while this process acts.", () -> leads ? 1 : 0);
    }

    public boolean leads() {
        return leads;
    }

    public LeaderCallbacks callbacks() {
        return new LeaderCallbacks(() -> leads = true, () -> leads = false, leader -> {});
    }
}

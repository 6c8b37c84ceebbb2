package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.capacity.ReplicaScaler.Allowed;
import dev.headroom.operator.capacity.ReplicaScaler.DatabaseLoad;
import dev.headroom.operator.capacity.ScalingPolicy;
import dev.headroom.operator.capacity.ScalingPolicy.Rate;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.CronSchedule;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.ObjectiveSpec.Latency;
import dev.headroom.operator.crd.PoolSpec;
import dev.headroom.operator.crd.ReplicasSpec;
import dev.headroom.operator.crd.ReplicasSpec.Blackout;
import dev.headroom.support.Durations;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads what a resource's spec and annotations say into the terms of the scaler. */
final class ScalingSpec {

    private ScalingSpec() {}

    /** How busy the database is, and whether its statements are over their objective. */
    static DatabaseLoad databaseLoad(DbPerformanceSpec spec, Measurements measured, ScrapeWindow window) {
        Latency objective = spec.objective() == null ? null : spec.objective().statement();
        double limit = objective == null ? 0 : objective.limit().toMillis() / 1000.0;
        boolean late = objective != null
                && window.allStatements()
                                .map(all -> all.percentile(objective.percentile(), limit))
                                .orElse(OptionalDouble.empty())
                                .orElse(0)
                        > limit;
        return new DatabaseLoad(measured.activeSessions(), databaseCores(spec), late);
    }

    static OptionalInt databaseCores(DbPerformanceSpec spec) {
        PoolSpec pool = spec.pool();
        return pool == null || pool.databaseCores() == null
                ? OptionalInt.empty()
                : OptionalInt.of(pool.databaseCores());
    }

    /** What annotations and the calendar leave. */
    static Allowed allowed(Pass pass) {
        Pauses pauses = pass.resource().pauses();
        boolean up = !pauses.scaleOut();
        boolean down = !pauses.scaleIn();
        for (Blackout blackout : requireNonNull(pass.spec().replicas()).blackouts()) {
            boolean on = CronSchedule.of(blackout.schedule())
                    .beganWithin(blackout.length(), pass.clock().instant(), ZoneId.of(blackout.timeZone()));
            up &= !on || blackout.allow() == Blackout.Allowed.SCALE_UP;
            down &= !on || blackout.allow() == Blackout.Allowed.SCALE_DOWN;
        }
        return up && down ? Allowed.BOTH : up ? Allowed.UP : down ? Allowed.DOWN : Allowed.NONE;
    }

    /** Empty for a resource that scales nothing. */
    static Optional<ScalingPolicy> policy(DbPerformanceSpec spec) {
        ReplicasSpec replicas = spec.replicas();
        if (replicas == null) {
            return Optional.empty();
        }
        Latency objective = requireNonNull(requireNonNull(spec.objective()).request());
        ReplicasSpec.Rate up = replicas.scaleUp();
        ReplicasSpec.ScaleDown down = replicas.scaleDown();
        return Optional.of(new ScalingPolicy(
                replicas.min(),
                replicas.max(),
                replicas.toleratedPart(),
                new Rate(up.pods(), up.percent(), Durations.parse(up.period())),
                new Rate(down.pods(), down.percent(), Durations.parse(down.period())),
                Durations.parse(down.minWindow()),
                Durations.parse(down.maxWindow()),
                objective.percentile(),
                objective.limit().toMillis() / 1000.0));
    }
}

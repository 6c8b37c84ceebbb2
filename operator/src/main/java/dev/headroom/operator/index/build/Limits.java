package dev.headroom.operator.index.build;

import dev.headroom.operator.crd.BuildSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one statement may take, of time and of the server.
 *
 * @param unreachable for how long nothing has to answer at the server's address until its sessions are taken for lost
 */
record Limits(Duration lock, Duration statement, Duration unreachable, List<String> settings, boolean removalOnly) {
    /**
     * For statements that keep writers waiting while they wait themselves (attaching a partition, dropping a partitioned
     * index): well below the second that a writer may wait because of us.
     */
    private static final Duration SHORT_LOCK = Duration.ofMillis(400);

    private static final Duration UNREACHABLE = Duration.ofMinutes(2);

    static Limits of(BuildSpec spec) {
        List<String> settings = new ArrayList<>();
        Long memory = spec.maintenanceWorkMemKilobytes();
        if (memory != null) {
            settings.add("SET maintenance_work_mem = " + memory);
        }
        if (spec.parallelWorkers() != null) {
            settings.add("SET max_parallel_maintenance_workers = " + spec.parallelWorkers());
        }
        return new Limits(spec.lockLimit(), spec.buildLimit(), UNREACHABLE, settings, false);
    }

    /** For removing what was left over while somebody waits for us to end; nothing is begun any more. */
    static Limits inAHurry() {
        return new Limits(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(4), List.of(), true);
    }

    Duration shortLock() {
        return lock.compareTo(SHORT_LOCK) < 0 ? lock : SHORT_LOCK;
    }
}

package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Deployment or StatefulSet with its pods, as the cluster had it at one moment.
 *
 * @param version its resource version, which a write bears
 * @param replicas as it asks for
 * @param limits of its rollouts
 * @param rollout whether one is under way
 * @param coresPerPod the processor limit of the container, or else its request; empty without either
 * @param scaledBy what else sets its replicas, such as "HorizontalPodAutoscaler shop"
 */
public record Target(
        String uid,
        String version,
        int replicas,
        RolloutLimits limits,
        boolean rollout,
        OptionalDouble coresPerPod,
        Optional<String> scaledBy,
        List<Pod> pods) {

    /** A pod that became ready later than this after its creation had been ready before. */
    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    public Target {
        pods = List.copyOf(pods);
    }

    /** Pods that serve. */
    public long ready() {
        return pods.stream().filter(pod -> pod.ready() && !pod.terminating()).count();
    }

    public long starting() {
        return pods.stream().filter(pod -> !pod.ready() && !pod.terminating()).count();
    }

    /** Seconds from creation to readiness of the pods that became ready since then; empty when none did. */
    public OptionalDouble startUp(Instant since) {
        return pods.stream()
                .filter(pod -> pod.readyAt().filter(at -> at.isAfter(since)).isPresent())
                .map(pod -> Duration.between(pod.createdAt(), pod.readyAt().orElseThrow()))
                .filter(start -> start.compareTo(LONGEST_START) <= 0)
                .mapToDouble(start -> start.toMillis() / 1000.0)
                .average();
    }

    public List<PodAddress> addresses() {
        return pods.stream()
                .filter(pod -> !pod.ip().isEmpty())
                .map(pod -> new PodAddress(pod.uid(), pod.name(), pod.ip()))
                .toList();
    }

    /** From where the pods connect: in a cluster with two families from either of their addresses. */
    public Set<String> sessionAddresses() {
        return pods.stream().flatMap(pod -> pod.ips().stream()).collect(Collectors.toSet());
    }

    /**
     * One pod.
     *
     * @param ips one of each family; empty while it has none
     * @param startedAt when its oldest container began again, or else the pod was created
     * @param announced the generation that an annotation tells the kubelet of
     */
    public record Pod(
            String uid,
            String name,
            List<String> ips,
            Instant createdAt,
            Instant startedAt,
            Optional<Instant> readyAt,
            boolean ready,
            boolean terminating,
            OptionalLong announced) {

        public Pod {
            ips = List.copyOf(ips);
        }

        /** The first address, where its metrics are; empty while it has none. */
        public String ip() {
            return ips.isEmpty() ? "" : ips.getFirst();
        }
    }

    /**
     * How far a rollout may leave the number of replicas.
     *
     * @param surge how many more pods than replicas ({@code maxSurge})
     * @param unavailable how many fewer ({@code maxUnavailable}); these terminate beside the new ones
     */
    public record RolloutLimits(Amount surge, Amount unavailable) {
        public static final RolloutLimits NONE = new RolloutLimits(new Amount(0, 0), new Amount(0, 0));

        public int surge(int replicas) {
            return surge.fixed() + (int) Math.ceil(replicas * surge.percent() / 100.0);
        }

        public int unavailable(int replicas) {
            return unavailable.fixed() + (int) Math.floor(replicas * unavailable.percent() / 100.0);
        }

        /** A number or a part of the replicas; the other is 0. */
        public record Amount(int fixed, int percent) {}
    }
}

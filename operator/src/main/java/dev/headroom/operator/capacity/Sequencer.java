package dev.headroom.operator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Orders changes of pool size and of replicas so that the connections of all living pods never exceed the budget: hold,
 * shrink, see the smaller size on every pod, scale up, and grow when pods are gone. One step, so one write, a pass. It
 * remembers nothing: all it needs stands in the ConfigMap, the pods and the Deployment, so an operator may be killed
 * between any two steps.
 *
 * <p>A pod is bounded by what it may hold, not by what was published. A pod that reports a generation holds that one's
 * size or a later one's. A pod that does not may have read any generation that was current since its ConfigMap was mounted. A pod
 * that answers without a generation follows no file and has the size of its own settings, and so may those that come of its
 * template. The ConfigMap keeps the sizes of earlier generations for as long as a pod may be in one.
 *
 * <p>Two leaders: each write carries the resource version that was read and is refused if the object changed. Who begins
 * to lead, or does not know whether a write arrived, first touches both objects ({@link Step.Fence}); after that no
 * earlier write can arrive. The Deployment is read before the ConfigMap.
 */
public final class Sequencer {

    /**
     * A pod that starts so long after a size was decided reads that size or a later one: a write is given up after two
     * seconds, and the kubelet's cache lags behind by less than two.
     */
    static final Duration STALE_READ = Duration.ofSeconds(4);

    /** A gauge is a floating point number, which counts no further than this in steps of one. */
    private static final long LARGEST_GENERATION = 1L << 53;

    /** Generations that the ConfigMap keeps; beyond that the oldest are merged into the larger size. */
    static final int KEPT_GENERATIONS = 12;

    /** One published pool size with its generation and time. */
    public record Published(long generation, int size, Instant at) {}

    /**
     * A living pod: starting, serving or terminating.
     *
     * @param startedAt when its container began again, or the pod was created: at its first start it may read what was mounted before
     *     a long pull of its image
     * @param generation that it reported with its last scrape, 0 when it reported none; empty when it never answered
     * @param size that it reported with its last scrape: connections too many may still have to come back; empty when never
     */
    public record Pod(String name, Instant startedAt, boolean terminating, OptionalLong generation, OptionalInt size) {
        private boolean followsNone() {
            return generation.orElse(-1) == 0;
        }
    }

    /**
     * What was read in this pass.
     *
     * @param fenced both objects were touched since this process leads and since its last write without an answer
     * @param granted connections that the pods may hold together
     * @param outsidePool connections of each pod outside its pool
     * @param unmanagedSize what pods have that follow no ConfigMap
     * @param minPerReplica the pool size below which nobody wants to run
     * @param replicas the Deployment's {@code spec.replicas}
     * @param surge pods that a rollout may add ({@code maxSurge})
     * @param unavailable pods that a rollout may take away at once; they terminate beside the new ones
     * @param history what was published, oldest first; empty before the first time
     */
    public record Situation(
            Instant now,
            boolean fenced,
            int granted,
            int outsidePool,
            int unmanagedSize,
            int minPerReplica,
            int replicas,
            int surge,
            int unavailable,
            List<Pod> pods,
            List<Published> history) {

        public Situation {
            pods = List.copyOf(pods);
            history = List.copyOf(history);
        }

        /**
         * The most pods that can exist at once with so many replicas: for these the size has to fit. A rollout lets at
         * most {@code surge + unavailable} pods terminate beside the new ones while pods end faster than they start.
         */
        public int mostPods(int replicas) {
            return present(replicas) + Math.max(surge + unavailable, terminating());
        }

        /** The same if a rollout began now, while other pods still terminate. */
        private int mostPodsInRollout(int replicas) {
            return present(replicas) + surge + unavailable + terminating();
        }

        private int present(int replicas) {
            return Math.max(replicas + surge, pods.size() - terminating());
        }

        private int terminating() {
            return (int) pods.stream().filter(Pod::terminating).count();
        }

        private @Nullable Published current() {
            return history.isEmpty() ? null : history.getLast();
        }

        /**
         * Whether pods can be expected to follow what is published: one does, or all did before, and none shows that its template does
         * not, such as for want of the mount.
         */
        private boolean isFollowed() {
            boolean someDo = pods.stream().anyMatch(pod -> pod.generation().orElse(0) > 0);
            boolean allDid = !history.isEmpty() && history.getFirst().generation() > 0;
            return (someDo || allDid) && pods.stream().noneMatch(pod -> !pod.terminating() && pod.followsNone());
        }

        /** Connections of the pods that may come beside those there are, when this size is published. */
        private int toCome(int replicas, int size) {
            int largest = isFollowed() ? size : Math.max(size, unmanagedSize);
            return (mostPodsInRollout(replicas) - pods.size()) * (largest + outsidePool);
        }
    }

    /** One write, or none. Each says why. */
    public sealed interface Step {
        String reason();

        /** Touch Deployment and ConfigMap, so that no write from before can arrive after. */
        record Fence(String reason) implements Step {}

        /** Write the ConfigMap with this as its history, the last entry being the new size. */
        record Publish(List<Published> history, String reason) implements Step {
            public Published current() {
                return history.getLast();
            }
        }

        /** Set {@code spec.replicas}. */
        record Scale(int replicas, String reason) implements Step {}

        /** Nothing to do, or something to wait for. */
        record Hold(String reason) implements Step {}
    }

    private Sequencer() {}

    /**
     * The one step to take now.
     *
     * @param wantedReplicas what the scaler wants
     * @param wantedSize what the sizer wants for {@code mostPods(max(replicas, wantedReplicas))}
     */
    public static Step next(Situation now, int wantedReplicas, int wantedSize) {
        if (!now.fenced()) {
            return new Step.Fence("making sure that no earlier write is still under way");
        }
        Published current = now.current();
        int fits = Math.max(largestThatFits(now, now.mostPods(now.replicas())), 1);
        if (current == null) {
            int size = Math.min(wantedSize, fits);
            return publish(now, size, "first pool size " + size);
        }
        if (current.size() > fits) {
            return publish(
                    now,
                    fits,
                    "shrinking pools from %d to %d: %d connections for up to %d pods"
                            .formatted(current.size(), fits, now.granted(), now.mostPods(now.replicas())));
        }
        if (wantedReplicas < now.replicas()) {
            return new Step.Scale(
                    wantedReplicas, "scaling down from %d to %d".formatted(now.replicas(), wantedReplicas));
        }
        if (wantedReplicas > now.replicas()) {
            return scaleUp(now, current, wantedReplicas);
        }
        return resize(now, current, wantedSize);
    }

    private static Step scaleUp(Situation now, Published current, int wanted) {
        int most = now.mostPods(wanted);
        int fits = largestThatFits(now, most);
        if (fits < Math.min(now.minPerReplica(), current.size())) {
            int possible = wanted;
            while (possible > now.replicas() && largestThatFits(now, now.mostPods(possible)) < now.minPerReplica()) {
                possible--;
            }
            return possible > now.replicas()
                    ? scaleUp(now, current, possible)
                    : new Step.Hold("holding %d replicas: %d connections give %d pods fewer than %d each"
                            .formatted(now.replicas(), now.granted(), most, now.minPerReplica()));
        }
        if (current.size() > fits) {
            return publish(
                    now,
                    fits,
                    "shrinking pools from %d to %d before scaling up to %d: %d connections for up to %d pods"
                            .formatted(current.size(), fits, wanted, now.granted(), most));
        }
        if (current.at().isAfter(now.now())) {
            return new Step.Publish(
                    datedBy(now, now.history()),
                    "dating the size %d anew before scaling up to %d: the clock was set back"
                            .formatted(current.size(), wanted));
        }
        if (now.now().isBefore(current.at().plus(STALE_READ)) && now.history().size() > 1) {
            return new Step.Hold("scaling up to %d in a moment: a new pod could still read the size before %d"
                    .formatted(wanted, current.size()));
        }
        int needed = held(now, current.size()) + now.toCome(wanted, current.size());
        if (needed <= now.granted()) {
            return new Step.Scale(
                    wanted,
                    "scaling up from %d to %d: up to %d pods × %d connections within %d"
                            .formatted(
                                    now.replicas(), wanted, most, current.size() + now.outsidePool(), now.granted()));
        }
        return new Step.Hold("scaling up to %d waits for pool size %d on %s"
                .formatted(wanted, current.size(), laggards(now, current)));
    }

    private static Step resize(Situation now, Published current, int wanted) {
        int most = now.mostPods(now.replicas());
        int size = Math.min(wanted, Math.max(largestThatFits(now, most), 1));
        if (size == current.size()) {
            return new Step.Hold("pools of %d on %d replicas".formatted(size, now.replicas()));
        }
        if (size < current.size()) {
            return publish(now, size, "shrinking pools from %d to %d".formatted(current.size(), size));
        }
        int needed = held(now, size) + now.toCome(now.replicas(), size);
        return needed <= now.granted()
                ? publish(now, size, "growing pools from %d to %d".formatted(current.size(), size))
                : new Step.Hold("growing pools to %d waits for %s".formatted(size, laggards(now, current)));
    }

    /** Connections that the living pods may hold now. */
    public static int mayHold(Situation now) {
        return now.history().isEmpty() ? now.pods().size() * (now.unmanagedSize() + now.outsidePool()) : held(now, 0);
    }

    /** Connections that the living pods may hold if {@code size} is published, whichever generation each is in. */
    private static int held(Situation now, int size) {
        return now.pods().stream()
                .mapToInt(pod -> Math.max(bound(pod, now), size) + now.outsidePool())
                .sum();
    }

    /** The largest pool that this pod can have. */
    private static int bound(Pod pod, Situation now) {
        List<Published> history = now.history();
        boolean follows = pod.generation().orElse(0) > 0 || (pod.generation().isEmpty() && now.isFollowed());
        int largest = Math.max(pod.size().orElse(0), follows ? 0 : now.unmanagedSize());
        for (int i = 0; i < history.size(); i++) {
            if (mayHave(pod, now, history, i)) {
                largest = Math.max(largest, history.get(i).size());
            }
        }
        return largest;
    }

    /** Whether the pod can be in this generation, or in one that was merged into the first entry. */
    private static boolean mayHave(Pod pod, Situation now, List<Published> history, int index) {
        if (index == history.size() - 1
                || (pod.generation().isEmpty() && isBeforeAll(history.get(index)) && !now.isFollowed())) {
            return true;
        }
        Published successor = history.get(index + 1);
        return pod.generation().isPresent()
                ? pod.generation().getAsLong() < successor.generation()
                : successor.at().isAfter(pod.startedAt().minus(STALE_READ));
    }

    /** Whether it stands for what pods have that follow nothing. */
    private static boolean isBeforeAll(Published published) {
        return published.generation() == 0;
    }

    private static int largestThatFits(Situation now, int pods) {
        return now.granted() / Math.max(pods, 1) - now.outsidePool();
    }

    private static Step publish(Situation now, int size, String reason) {
        List<Published> history = pruned(now);
        if (history.isEmpty()) {
            history.add(new Published(0, now.unmanagedSize(), Instant.EPOCH));
        }
        // In seconds since 1970: a ConfigMap that was deleted and made again is not older than what the pods know,
        // unless a person
        // had written it, with a number of their own.
        long known = now.pods().stream()
                .mapToLong(pod -> pod.generation().orElse(0))
                .filter(generation -> generation < LARGEST_GENERATION)
                .max()
                .orElse(0);
        long generation = Math.max(
                Math.max(history.getLast().generation(), known) + 1, now.now().getEpochSecond());
        history.add(new Published(generation, size, now.now()));
        return new Step.Publish(datedBy(now, history), reason);
    }

    /** The history without times to come, as a clock leaves them that was set back: a later time only says that more pods may have it. */
    private static List<Published> datedBy(Situation now, List<Published> history) {
        return history.stream()
                .map(each ->
                        each.at().isAfter(now.now()) ? new Published(each.generation(), each.size(), now.now()) : each)
                .toList();
    }

    /** The history without the generations in which no pod can be, nor a pod that starts now. */
    private static List<Published> pruned(Situation now) {
        List<Published> kept = new ArrayList<>(now.history());
        while (kept.size() > 1
                && now.pods().stream().noneMatch(pod -> mayHave(pod, now, kept, 0))
                && !kept.get(1).at().isAfter(now.now().minus(STALE_READ))) {
            kept.removeFirst();
        }
        while (kept.size() >= KEPT_GENERATIONS) {
            int oldest = isBeforeAll(kept.getFirst()) ? 1 : 0;
            Published first = kept.remove(oldest);
            Published second = kept.remove(oldest);
            kept.add(oldest, new Published(second.generation(), Math.max(first.size(), second.size()), second.at()));
        }
        return kept;
    }

    private static String laggards(Situation now, Published current) {
        List<String> names = now.pods().stream()
                .filter(pod -> pod.generation().orElse(-1) < current.generation()
                        || pod.size().orElse(0) > current.size())
                .map(Pod::name)
                .sorted()
                .toList();
        if (names.isEmpty()) {
            return "pods that are ending";
        }
        return names.size() <= 3 ? String.join(", ", names) : names.getFirst() + " and " + (names.size() - 1) + " more";
    }
}

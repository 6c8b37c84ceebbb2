package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.TargetSpec;
import java.util.List;
import java.util.Optional;

/**
 * The cluster, as far as capacity needs it. Reads answer from informers; {@link #fresh} asks the API server, before a write. Each
 * write bears the version that was read: where somebody changed the object meanwhile, nothing is written.
 */
public interface Workloads {

    /** The target as the informers know it; empty when there is none. */
    Optional<Target> find(ResourceId resource, TargetSpec target);

    /** The pool size that is published for a resource, as the informers know it. */
    PoolConfigMap published(ResourceId resource);

    /**
     * Target and pool size as they are now, read in this order; the pods are those of the informers. Empty where there is no
     * target or the API server does not answer.
     *
     * @param withPool whether a pool size is published for the resource; without, nobody looks at the ConfigMap
     * @throws Refused where the ConfigMap of this name is somebody else's, or an operator that began to lead after this one has touched
     *     the target: this one acts no more
     */
    Optional<Fresh> fresh(ResourceId resource, TargetSpec target, boolean withPool);

    /** Writes the ConfigMap with this history. */
    Written publish(ResourceId resource, PoolConfigMap read, List<Published> history, int minimumIdle);

    /**
     * Sets the replicas, unless something else scales the target by now.
     *
     * @throws Refused also where nobody may look whether something does
     */
    Written scale(ResourceId resource, TargetSpec target, Target read, int replicas);

    /** Touches target and ConfigMap, so that no write from before can arrive any more. */
    Written fence(ResourceId resource, TargetSpec target, Target read, PoolConfigMap published);

    /** The field manager that set the replicas last, without this operator. */
    Optional<String> replicasManager(ResourceId resource, TargetSpec target);

    /** Annotates pods with a generation, which makes their kubelets look at the ConfigMap at once. Best effort. */
    void annotatePods(ResourceId resource, List<Target.Pod> pods, long generation);

    /** What is there at one moment. */
    record Fresh(Target target, PoolConfigMap published) {}

    /** How a write ended. */
    enum Written {
        DONE,
        /** Somebody changed the object meanwhile: nothing was written. */
        CONFLICT,
        /** No answer: it may arrive yet. */
        UNKNOWN
    }

    /** A write that the API server refuses, such as for want of a right. */
    final class Refused extends RuntimeException {
        public Refused(String message) {
            super(message);
        }

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

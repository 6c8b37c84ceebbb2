package dev.headroom.operator.reconcile;

import dev.headroom.operator.capacity.control.Target;
import dev.headroom.operator.concern.ResourceId;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Annotates pods with the generation of the pool size: a pod that changed makes its kubelet look at the ConfigMap at once. A
 * kubelet that is not told looks by itself within its sync period, so what fails is left alone for a while. One thread a
 * resource, one pod after the other.
 */
final class PodAnnotator {

    private static final Logger LOG = System.getLogger(PodAnnotator.class.getName());
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration AFTER_FORBIDDEN = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final PatchContext merge;
    private final Set<ResourceId> underWay = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> againAtNanos = new ConcurrentHashMap<>();

    PodAnnotator(KubernetesClient client, PatchContext merge) {
        this.client = client;
        this.merge = merge;
    }

    void annotate(ResourceId resource, List<Target.Pod> pods, long generation) {
        String namespace = resource.namespace();
        if (pods.isEmpty() || isResting(namespace) || !underWay.add(resource)) {
            return;
        }
        Thread.ofVirtual().name("annotatePods").start(() -> {
            try {
                annotateEach(namespace, pods, generation);
            } finally {
                underWay.remove(resource);
            }
        });
    }

    private boolean isResting(String namespace) {
        Long until = againAtNanos.get(namespace);
        return until != null && until - System.nanoTime() > 0;
    }

    private void annotateEach(String namespace, List<Target.Pod> pods, long generation) {
        String patch = Serialization.asJson(Map.of(
                "metadata", Map.of("annotations", Map.of(PodFacts.GENERATION_ANNOTATION, String.valueOf(generation)))));
        for (Target.Pod pod : pods) {
            try {
                client.pods().inNamespace(namespace).withName(pod.name()).patch(merge, patch);
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                    rest(namespace, pod, e);
                    return;
                }
            }
        }
    }

    private void rest(String namespace, Target.Pod pod, KubernetesClientException why) {
        boolean forbidden = why.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
        againAtNanos.put(namespace, System.nanoTime() + (forbidden ? AFTER_FORBIDDEN : AFTER_FAILURE).toNanos());
        LOG.log(
                forbidden ? Level.INFO : Level.DEBUG,
                "pod {0}/{1} is not told of the new pool size, its kubelet finds it by itself within its sync period: {2}",
                namespace,
                pod.name(),
                why.getMessage());
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.capacity.control.Workloads;
import dev.headroom.operator.crd.TargetSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** HorizontalPodAutoscalers, and ScaledObjects of KEDA where a cluster has them: who else sets the replicas of a target. */
final class OtherScalers {

    private static final Logger LOG = System.getLogger(OtherScalers.class.getName());
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(30).toNanos();
    private static final ResourceDefinitionContext SCALED_OBJECTS = new ResourceDefinitionContext.Builder()
            .withGroup("keda.sh")
            .withVersion("v1alpha1")
            .withKind("ScaledObject")
            .withPlural("scaledobjects")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final Map<String, Seen> byNamespace = new ConcurrentHashMap<>();

    /** @param scalers the first one of each target, by Kind/name */
    private record Seen(long at, Map<String, String> scalers) {}

    OtherScalers(KubernetesClient client) {
        this.client = client;
    }

    /** What else scales a target, such as "HorizontalPodAutoscaler shop"; half a minute old, or older where it cannot be seen. */
    Optional<String> of(String namespace, TargetSpec target) {
        Seen seen = byNamespace.get(namespace);
        if (seen == null || System.nanoTime() - seen.at() > LOOK_EVERY_NANOS) {
            try {
                return now(namespace, target);
            } catch (Workloads.Refused e) {
                LOG.log(Level.DEBUG, String.valueOf(e.getMessage()), e);
                byNamespace.put(namespace, new Seen(System.nanoTime(), seen == null ? Map.of() : seen.scalers()));
            }
        }
        return seen == null
                ? Optional.empty()
                : Optional.ofNullable(seen.scalers().get(target.toString()));
    }

    /**
     * The same as it is now.
     *
     * @throws Workloads.Refused when it cannot be seen: then nobody may say that there is none
     */
    Optional<String> now(String namespace, TargetSpec target) {
        Map<String, String> scalers = look(namespace);
        byNamespace.put(namespace, new Seen(System.nanoTime(), scalers));
        return Optional.ofNullable(scalers.get(target.toString()));
    }

    private Map<String, String> look(String namespace) {
        Map<String, String> scalers = new HashMap<>();
        try {
            client.autoscaling()
                    .v2()
                    .horizontalPodAutoscalers()
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .forEach(each -> scalers.put(
                            each.getSpec().getScaleTargetRef().getKind() + "/"
                                    + each.getSpec().getScaleTargetRef().getName(),
                            "HorizontalPodAutoscaler " + each.getMetadata().getName()));
            scaledObjects(namespace).forEach(each -> {
                Object kind = each.get("spec", "scaleTargetRef", "kind");
                scalers.put(
                        Objects.requireNonNullElse(kind, "Deployment") + "/"
                                + each.get("spec", "scaleTargetRef", "name"),
                        "ScaledObject " + each.getMetadata().getName());
            });
        } catch (KubernetesClientException e) {
            throw new Workloads.Refused(
                    "cannot see whether an autoscaler sets the replicas too, so they are left alone: " + e.getMessage(),
                    e);
        }
        return scalers;
    }

    /** None where the cluster does not know the kind. */
    private List<GenericKubernetesResource> scaledObjects(String namespace) {
        try {
            return client.genericKubernetesResources(SCALED_OBJECTS)
                    .inNamespace(namespace)
                    .list()
                    .getItems();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a status when it differs from the one in place, by server-side apply. The informer may be a moment behind our
 * own write, so the last one is remembered until the informer has seen it or something newer.
 */
final class StatusWriter {

    static final String FIELD_MANAGER = "headroom-operator";

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Counter patches;
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    StatusWriter(KubernetesClient client, MeterRegistry metrics) {
        this.client = client;
        this.patches = Counter.builder("headroom.status.patches")
                .description("Statuses written.")
                .register(metrics);
    }

    /** The status in place, as far as we know. */
    @Nullable
    DbPerformanceStatus current(DbPerformance resource) {
        Written own = written.get(resource.getMetadata().getUid());
        return own != null && !isLater(resource.getMetadata().getResourceVersion(), own.version())
                ? own.status()
                : resource.getStatus();
    }

    void write(DbPerformance resource, DbPerformanceStatus status) {
        if (status.equals(current(resource))) {
            return;
        }
        DbPerformance patch = new DbPerformance();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        patch.setStatus(status);
        DbPerformance now = client.resource(patch).subresource("status").patch(APPLY);
        patches.increment();
        written.put(
                resource.getMetadata().getUid(), new Written(now.getMetadata().getResourceVersion(), status));
    }

    void forget(DbPerformance resource) {
        written.remove(resource.getMetadata().getUid());
    }

    /** Versions are opaque by contract and numbers in fact; one that is no number counts as later: the informer wins. */
    private static boolean isLater(@Nullable String seen, String own) {
        try {
            return seen == null || Long.parseLong(seen) > Long.parseLong(own);
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private record Written(String version, DbPerformanceStatus status) {}
}

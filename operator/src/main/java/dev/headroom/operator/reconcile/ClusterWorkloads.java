package dev.headroom.operator.reconcile;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.control.CapacityConcern;
import dev.headroom.operator.capacity.control.PoolConfigMap;
import dev.headroom.operator.capacity.control.Target;
import dev.headroom.operator.capacity.control.Workloads;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.TargetSpec;
import dev.headroom.operator.reconcile.DbPerformanceReconciler.ClusterView;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Targets, their pods and the ConfigMaps with the pool size: read by informers, written with the versions that were read. Of pods only
 * what {@link PodFacts} needs is kept in memory.
 */
public final class ClusterWorkloads implements Workloads, ClusterView {

    /** A write without an answer is given up after this time: the sequencer counts on it. */
    private static final long WRITE_LIMIT_MILLIS = 2000;

    private static final int TOO_MANY_REQUESTS = 429;

    private static final Logger LOG = System.getLogger(ClusterWorkloads.class.getName());
    private static final String BY_TARGET = "target";
    private static final String LEADER_ANNOTATION = "headroom.dev/leader";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String POOL_SUFFIX = "-pool";
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(DbPerformanceReconciler.FIELD_MANAGER)
            .withForce(true)
            .build();
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(DbPerformanceReconciler.FIELD_MANAGER)
            .build();

    private final KubernetesClient client;
    private final OtherScalers otherScalers;
    private final PodAnnotator annotator;
    private final String process;
    private final AtomicLong fences = new AtomicLong();

    private volatile @Nullable Leadership leadership;

    private @Nullable InformerEventSource<Deployment, DbPerformance> deployments;
    private @Nullable InformerEventSource<StatefulSet, DbPerformance> statefulSets;
    private @Nullable InformerEventSource<Pod, DbPerformance> pods;
    private @Nullable InformerEventSource<ConfigMap, DbPerformance> configMaps;

    /** @param process names this process in what it touches */
    public ClusterWorkloads(KubernetesClient client, String process) {
        this.client = client;
        this.otherScalers = new OtherScalers(client);
        this.annotator = new PodAnnotator(client, MERGE);
        this.process = process;
    }

    @Override
    public void ledBy(Leadership itsLeadership) {
        leadership = itsLeadership;
    }

    @Override
    public Class<CapacityConcern> concern() {
        return CapacityConcern.class;
    }

    @Override
    public List<EventSource<?, DbPerformance>> eventSources(
            EventSourceContext<DbPerformance> context, Consumer<ResourceID> due) {
        context.getPrimaryCache().addIndexer(BY_TARGET, ClusterWorkloads::targetOf);
        Function<String, Set<ResourceID>> wanting =
                target -> context.getPrimaryCache().byIndex(BY_TARGET, target).stream()
                        .map(ResourceID::fromResource)
                        .peek(due)
                        .collect(Collectors.toSet());
        deployments = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Deployment.class, DbPerformance.class)
                        .withName("deployments")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(each -> wanting.apply(key(TargetSpec.Kind.DEPLOYMENT, each)))
                        .build(),
                context);
        statefulSets = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(StatefulSet.class, DbPerformance.class)
                        .withName("statefulsets")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(each -> wanting.apply(key(TargetSpec.Kind.STATEFUL_SET, each)))
                        .build(),
                context);
        pods = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, DbPerformance.class)
                        .withName("pods")
                        .withNamespacesInheritedFromController()
                        .withItemStore(new TransformingItemStore<>(PodFacts::stripped))
                        .withOnUpdateFilter((now, before) -> !PodFacts.of(now).equals(PodFacts.of(before)))
                        .withSecondaryToPrimaryMapper(
                                pod -> PodFacts.owner(pod).map(wanting).orElse(Set.of()))
                        .build(),
                context);
        pods.addIndexers(
                Map.of(BY_TARGET, pod -> PodFacts.owner(pod).map(List::of).orElse(List.of())));
        configMaps = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(ConfigMap.class, DbPerformance.class)
                        .withName("pool-sizes")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(MANAGED_BY + "=" + DbPerformanceReconciler.FIELD_MANAGER)
                        .withSecondaryToPrimaryMapper(map -> {
                            ResourceID resource = new ResourceID(
                                    map.getMetadata().getName().replaceFirst(POOL_SUFFIX + "$", ""),
                                    map.getMetadata().getNamespace());
                            due.accept(resource);
                            return Set.of(resource);
                        })
                        .build(),
                context);
        return List.of(deployments, statefulSets, pods, configMaps);
    }

    private static List<String> targetOf(DbPerformance resource) {
        TargetSpec target =
                resource.getSpec() == null ? null : resource.getSpec().target();
        return target == null
                ? List.of()
                : List.of(key(target.kind(), resource.getMetadata().getNamespace(), target.name()));
    }

    private static String key(TargetSpec.Kind kind, HasMetadata workload) {
        return key(
                kind,
                workload.getMetadata().getNamespace(),
                workload.getMetadata().getName());
    }

    static String key(TargetSpec.Kind kind, String namespace, String name) {
        return kind + "/" + namespace + "/" + name;
    }

    @Override
    public Optional<Target> find(ResourceId resource, TargetSpec target) {
        ResourceID id = new ResourceID(target.name(), resource.namespace());
        Optional<? extends HasMetadata> found = switch (target.kind()) {
            case DEPLOYMENT -> requireNonNull(deployments).get(id);
            case STATEFUL_SET -> requireNonNull(statefulSets).get(id);
        };
        return found.map(workload -> read(resource, target, workload, otherScalers.of(resource.namespace(), target)));
    }

    private Target read(ResourceId resource, TargetSpec target, HasMetadata workload, Optional<String> scaledBy) {
        List<Target.Pod> living =
                requireNonNull(pods)
                        .byIndex(BY_TARGET, key(target.kind(), resource.namespace(), target.name()))
                        .stream()
                        .map(PodFacts::of)
                        .filter(PodFacts::isLiving)
                        .map(PodFacts::pod)
                        .toList();
        return WorkloadFacts.of(workload, target, living, scaledBy);
    }

    @Override
    public PoolConfigMap published(ResourceId resource) {
        return requireNonNull(configMaps)
                .get(new ResourceID(resource.name() + POOL_SUFFIX, resource.namespace()))
                .filter(map -> isOf(resource, map))
                .map(map -> PoolConfigMap.of(map.getMetadata().getResourceVersion(), map.getData()))
                .orElse(PoolConfigMap.NONE);
    }

    @Override
    public Optional<Fresh> fresh(ResourceId resource, TargetSpec target, boolean withPool) {
        try {
            return readFresh(resource, target, withPool);
        } catch (KubernetesClientException e) {
            LOG.log(Level.DEBUG, () -> "the API server does not say what is there, nothing is written: " + resource, e);
            return Optional.empty();
        }
    }

    private Optional<Fresh> readFresh(ResourceId resource, TargetSpec target, boolean withPool) {
        HasMetadata workload = switch (target.kind()) {
            case DEPLOYMENT ->
                client.apps()
                        .deployments()
                        .inNamespace(resource.namespace())
                        .withName(target.name())
                        .get();
            case STATEFUL_SET ->
                client.apps()
                        .statefulSets()
                        .inNamespace(resource.namespace())
                        .withName(target.name())
                        .get();
        };
        if (workload == null) {
            return Optional.empty();
        }
        requireLead(workload);
        PoolConfigMap published = withPool ? readPublished(resource) : PoolConfigMap.NONE;
        return Optional.of(
                new Fresh(read(resource, target, workload, otherScalers.of(resource.namespace(), target)), published));
    }

    private PoolConfigMap readPublished(ResourceId resource) {
        ConfigMap map = client.configMaps()
                .inNamespace(resource.namespace())
                .withName(resource.name() + POOL_SUFFIX)
                .get();
        if (map == null) {
            return PoolConfigMap.NONE;
        }
        if (!isOf(resource, map)) {
            throw new Refused("ConfigMap " + map.getMetadata().getName()
                    + " is not of this resource, which would publish its pool size there: delete or rename it");
        }
        return PoolConfigMap.of(map.getMetadata().getResourceVersion(), map.getData());
    }

    /** Whether the resource owns the ConfigMap: one that a person wrote would be overwritten, and deleted with the resource. */
    private static boolean isOf(ResourceId resource, ConfigMap map) {
        return map.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(resource.uid()));
    }

    /** A pause of ours may have been longer than the lease, and our own elector may not have noticed yet. */
    private void requireLead(HasMetadata workload) {
        Optional<LeaderTerm> ours = requireNonNull(leadership).term();
        if (ours.isEmpty()) {
            throw new Refused("another operator holds the lease: this one changes nothing");
        }
        Map<String, String> annotations =
                requireNonNullElse(workload.getMetadata().getAnnotations(), Map.of());
        String mark = annotations.getOrDefault(LEADER_ANNOTATION, "");
        boolean later = LeaderTerm.first(mark)
                .filter(theirs -> theirs.compareTo(ours.get()) > 0)
                .isPresent();
        if (later && !ours.get().equals(LeaderTerm.ALONE)) {
            throw new Refused("another operator, of a later term than " + ours.get() + ", has touched "
                    + workload.getKind() + " " + workload.getMetadata().getName() + ": its annotation "
                    + LEADER_ANNOTATION + " says " + mark + "; this one changes nothing");
        }
    }

    private String mark() {
        LeaderTerm ours = requireNonNull(leadership).term().orElse(LeaderTerm.ALONE);
        return ours + " " + process + " " + fences.get();
    }

    @Override
    public Written publish(ResourceId resource, PoolConfigMap read, List<Published> history, int minimumIdle) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(resource.name() + POOL_SUFFIX)
                .withNamespace(resource.namespace())
                .withResourceVersion(read.version())
                .addToLabels(MANAGED_BY, DbPerformanceReconciler.FIELD_MANAGER)
                .addToAnnotations(LEADER_ANNOTATION, mark())
                .addNewOwnerReference()
                .withApiVersion(HasMetadata.getApiVersion(DbPerformance.class))
                .withKind(HasMetadata.getKind(DbPerformance.class))
                .withName(resource.name())
                .withUid(resource.uid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withData(PoolConfigMap.data(history, minimumIdle))
                .build();
        return write(
                "configmaps",
                () -> read.version() == null
                        ? client.resource(map).create()
                        : client.resource(map).patch(APPLY));
    }

    @Override
    public Written scale(ResourceId resource, TargetSpec target, Target read, int replicas) {
        if (otherScalers.now(resource.namespace(), target).isPresent()) {
            return Written.CONFLICT;
        }
        String patch =
                Serialization.asJson(Map.of("metadata", marked(read.version()), "spec", Map.of("replicas", replicas)));
        return write(plural(target), () -> patch(resource, target, patch));
    }

    @Override
    public Written fence(ResourceId resource, TargetSpec target, Target read, PoolConfigMap published) {
        fences.incrementAndGet();
        String touch = touch(read.version());
        Written touched = write(plural(target), () -> patch(resource, target, touch));
        String version = published.version();
        return touched != Written.DONE || version == null
                ? touched
                : write(
                        "configmaps",
                        () -> client.configMaps()
                                .inNamespace(resource.namespace())
                                .withName(resource.name() + POOL_SUFFIX)
                                .patch(MERGE, touch(version)));
    }

    private String touch(String version) {
        return Serialization.asJson(Map.of("metadata", marked(version)));
    }

    private Map<String, Object> marked(String version) {
        return Map.of("resourceVersion", version, "annotations", Map.of(LEADER_ANNOTATION, mark()));
    }

    @Override
    public Optional<String> replicasManager(ResourceId resource, TargetSpec target) {
        try {
            // The client leaves the managers out of everything that it reads: they are half of every object.
            String workload = client.raw(
                    "/apis/apps/v1/namespaces/" + resource.namespace() + "/" + plural(target) + "/" + target.name());
            return workload == null
                    ? Optional.empty()
                    : WorkloadFacts.replicasManager(
                            JSON.readTree(workload).path("metadata").path("managedFields"));
        } catch (KubernetesClientException | JsonProcessingException e) {
            LOG.log(Level.DEBUG, "cannot see who set the replicas", e);
            return Optional.empty();
        }
    }

    private HasMetadata patch(ResourceId resource, TargetSpec target, String patch) {
        return switch (target.kind()) {
            case DEPLOYMENT ->
                client.apps()
                        .deployments()
                        .inNamespace(resource.namespace())
                        .withName(target.name())
                        .patch(MERGE, patch);
            case STATEFUL_SET ->
                client.apps()
                        .statefulSets()
                        .inNamespace(resource.namespace())
                        .withName(target.name())
                        .patch(MERGE, patch);
        };
    }

    private static String plural(TargetSpec target) {
        return target.kind() == TargetSpec.Kind.DEPLOYMENT ? "deployments" : "statefulsets";
    }

    private static Written write(String what, Supplier<?> request) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("write").start(() -> {
            try {
                answer.complete(requireNonNullElse(request.get(), ""));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            answer.get(WRITE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            return Written.DONE;
        } catch (TimeoutException e) {
            return Written.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Written.UNKNOWN;
        } catch (ExecutionException e) {
            return failed(what, e.getCause());
        }
    }

    private static Written failed(String what, @Nullable Throwable cause) {
        if (!(cause instanceof KubernetesClientException failure)) {
            throw new CompletionException(cause);
        }
        return switch (failure.getCode()) {
            case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Written.CONFLICT;
            case HttpURLConnection.HTTP_FORBIDDEN ->
                throw new Refused(
                        "the operator may not change " + what
                                + ": its role needs what the chart headroom-operator grants",
                        failure);
            default -> {
                boolean later = failure.getCode() == HttpURLConnection.HTTP_CLIENT_TIMEOUT
                        || failure.getCode() == TOO_MANY_REQUESTS;
                if (failure.getCode() >= 400 && failure.getCode() < 500 && !later) {
                    throw new Refused(
                            "the API server refuses to change " + what + ": " + failure.getMessage(), failure);
                }
                yield Written.UNKNOWN;
            }
        };
    }

    @Override
    public void annotatePods(ResourceId resource, List<Target.Pod> pods, long generation) {
        annotator.annotate(resource, pods, generation);
    }
}

package dev.headroom.operator;

import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plays, in one namespace, what a cluster does with a Deployment and an API server alone does not: keeps as many Pods as
 * it asks for, makes them ready, replaces them step by step when the template changes, and writes its status.
 *
 * <p>There are no ReplicaSets in between: the Deployment owns its Pods. Each change of a Deployment or a Pod leads to one
 * pass, which looks at everything anew and does what can be done now; what it did is the change that leads to the next.
 */
public final class DeploymentPlayer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DeploymentPlayer.class.getName());
    private static final String REVISION = "pod-template-hash";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static final int PER_NET = 250;

    /** Ready ones, then older ones: the last to be wanted, when there are too many, are the first to go. */
    private static final Comparator<Pod> BEST_FIRST = Comparator.comparing((Pod pod) -> !isReady(pod))
            .thenComparing(
                    pod -> pod.getMetadata().getCreationTimestamp(), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(pod -> pod.getMetadata().getName());

    private final KubernetesClient client;
    private final ExecutorService passes = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("deployment-player").factory());
    private final List<SharedIndexInformer<? extends HasMetadata>> informers;
    private volatile boolean holding;

    /** Plays in this namespace until closed; on a real cluster the test is skipped, as its own controllers play there. */
    public static DeploymentPlayer in(KubernetesServer server, String namespace) {
        if (server.kind() == KubernetesServer.Kind.CLUSTER) {
            throw Skipped.because(
                    "it decides when Pods become ready, and on a cluster the cluster does",
                    "KUBEBUILDER_ASSETS=… or neither that nor TEST_KUBECONFIG");
        }
        return new DeploymentPlayer(server.client(namespace));
    }

    private DeploymentPlayer(KubernetesClient client) {
        this.client = client;
        this.informers = List.of(
                client.apps()
                        .deployments()
                        .inform(handler(deployment -> deployment.getMetadata().getName())),
                client.pods().inform(handler(DeploymentPlayer::deploymentOf)));
    }

    /** From now on new Pods start but do not become ready, until {@link #release()}. */
    public void holdReadiness() {
        holding = true;
    }

    /** Lets waiting and future Pods become ready. */
    public void release() {
        holding = false;
        client.apps()
                .deployments()
                .list()
                .getItems()
                .forEach(d -> passLater(d.getMetadata().getName()));
    }

    private void passLater(@Nullable String deployment) {
        if (deployment != null) {
            try {
                passes.execute(() -> pass(deployment));
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "closed, so nothing is done any more for {0}", deployment);
            }
        }
    }

    private void pass(String name) {
        try {
            Deployment deployment = client.apps().deployments().withName(name).get();
            if (deployment == null || deployment.isMarkedForDeletion()) {
                pods(name).forEach(this::remove); // as the garbage collector would
            } else {
                play(deployment);
            }
        } catch (KubernetesClientException e) {
            // Somebody else changed it at the same moment: that change leads to another pass.
            LOG.log(Level.DEBUG, () -> "a pass over " + name + " failed", e);
        }
    }

    private void play(Deployment deployment) {
        String name = deployment.getMetadata().getName();
        Rollout rollout = Rollout.of(deployment);
        String revision = Integer.toHexString(
                Serialization.asJson(deployment.getSpec().getTemplate()).hashCode());
        List<Pod> all = pods(name);
        List<Pod> current = all.stream()
                .filter(pod -> isOf(revision, pod))
                .sorted(BEST_FIRST)
                .toList();
        List<Pod> outdated = all.stream()
                .filter(pod -> !isOf(revision, pod))
                .sorted(BEST_FIRST.reversed())
                .toList();

        current.stream().skip(rollout.desired()).forEach(this::remove);
        int unready = outdated.size() - ready(outdated);
        outdated.stream()
                .limit(unready + rollout.toRemove(outdated.size() - unready, ready(all)))
                .forEach(this::remove);
        int missing = rollout.toCreate(Math.min(current.size(), rollout.desired()), outdated.size());
        for (int i = 0; i < missing; i++) {
            create(deployment, revision);
        }
        if (!holding) {
            current.stream().filter(pod -> !isReady(pod)).forEach(pod -> editStatus(pod, "True"));
        }
        DeploymentStatus status = status(deployment, rollout, pods(name), revision);
        // Written unchanged it would be one more change to look at, for ever.
        if (!Objects.equals(status, deployment.getStatus())) {
            client.apps()
                    .deployments()
                    .resource(deployment)
                    .editStatus(d -> new DeploymentBuilder(d).withStatus(status).build());
        }
    }

    private List<Pod> pods(String deployment) {
        return client.pods().list().getItems().stream()
                .filter(pod -> deployment.equals(deploymentOf(pod)) && !pod.isMarkedForDeletion())
                .toList();
    }

    private static @Nullable String deploymentOf(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> owner.getKind().equals("Deployment"))
                .map(OwnerReference::getName)
                .findFirst()
                .orElse(null);
    }

    private static boolean isOf(String revision, Pod pod) {
        return revision.equals(pod.getMetadata().getLabels().get(REVISION));
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static int ready(List<Pod> pods) {
        return (int) pods.stream().filter(DeploymentPlayer::isReady).count();
    }

    private void create(Deployment deployment, String revision) {
        PodTemplateSpec template = deployment.getSpec().getTemplate();
        OwnerReference owner = new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(deployment.getMetadata().getName())
                .withUid(deployment.getMetadata().getUid())
                .withController(true)
                .build();
        Pod pod = new PodBuilder()
                .withNewMetadataLike(template.getMetadata())
                .withName(deployment.getMetadata().getName() + "-" + revision + "-"
                        + UUID.randomUUID().toString().substring(0, 5))
                .addToLabels(REVISION, revision)
                .withOwnerReferences(owner)
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        editStatus(client.pods().resource(pod).create(), "False");
    }

    private void editStatus(Pod pod, String ready) {
        client.pods()
                .resource(pod)
                .editStatus(p -> new PodBuilder(p)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(address(p))
                        .withConditions(new PodConditionBuilder()
                                .withType("Ready")
                                .withStatus(ready)
                                .withLastTransitionTime(now())
                                .build())
                        .endStatus()
                        .build());
    }

    /** In 127.0.0.0/8, one per Pod: on Linux a test can listen there and so be the Pod. */
    private static String address(Pod pod) {
        if (pod.getStatus() != null && pod.getStatus().getPodIP() != null) {
            return pod.getStatus().getPodIP();
        }
        int number = ADDRESSES.getAndIncrement();
        return "127.1." + number / PER_NET + "." + (number % PER_NET + 1);
    }

    private void remove(Pod pod) {
        client.pods().resource(pod).withGracePeriod(0).delete();
    }

    private static DeploymentStatus status(Deployment deployment, Rollout rollout, List<Pod> pods, String revision) {
        int ready = ready(pods);
        int updated = (int) pods.stream().filter(pod -> isOf(revision, pod)).count();
        boolean complete = updated == rollout.desired() && pods.size() == updated && ready == updated;
        DeploymentStatus old = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        return new DeploymentStatusBuilder(old)
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(orNull(pods.size()))
                .withUpdatedReplicas(orNull(updated))
                .withReadyReplicas(orNull(ready))
                .withAvailableReplicas(orNull(ready))
                .withUnavailableReplicas(orNull(Math.max(0, Math.max(rollout.desired(), pods.size()) - ready)))
                .withConditions(
                        condition(old, "Available", ready >= rollout.fewest(), "MinimumReplicas"),
                        condition(old, "Progressing", true, complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"))
                .build();
    }

    /** The real one leaves zeros out. */
    private static @Nullable Integer orNull(int count) {
        return count == 0 ? null : Integer.valueOf(count);
    }

    private static DeploymentCondition condition(DeploymentStatus old, String type, boolean holds, String reason) {
        String status = holds ? "True" : "False";
        return old.getConditions().stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals(status) && reason.equals(c.getReason()))
                .findFirst()
                .orElseGet(() -> new DeploymentConditionBuilder()
                        .withType(type)
                        .withStatus(status)
                        .withReason(reason)
                        .withLastTransitionTime(now())
                        .build());
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Whatever happens to a thing, the Deployment it belongs to is looked at again. */
    private <T> ResourceEventHandler<T> handler(Function<T, @Nullable String> deployment) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T added) {
                passLater(deployment.apply(added));
            }

            @Override
            public void onUpdate(T before, T after) {
                passLater(deployment.apply(after));
            }

            @Override
            public void onDelete(T last, boolean unknown) {
                passLater(deployment.apply(last));
            }
        };
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
        passes.close();
        client.close();
    }

    /**
     * How many Pods a Deployment may have while its template changes, as Kubernetes' own controller counts.
     *
     * @param desired Pods in the end
     * @param most Pods that may exist at once
     * @param fewest ready Pods that must be left when old ones are removed
     */
    record Rollout(int desired, int most, int fewest) {

        private static final IntOrString DEFAULT = new IntOrString("25%");

        static Rollout of(Deployment deployment) {
            Integer replicas = deployment.getSpec().getReplicas();
            int desired = replicas == null ? 1 : replicas;
            DeploymentStrategy strategy = deployment.getSpec().getStrategy();
            if (strategy != null && "Recreate".equals(strategy.getType())) {
                return new Rollout(desired, desired, 0);
            }
            RollingUpdateDeployment rolling = strategy == null ? null : strategy.getRollingUpdate();
            int surge = (int) Math.ceil(share(rolling == null ? null : rolling.getMaxSurge(), desired));
            int unavailable = (int) Math.floor(share(rolling == null ? null : rolling.getMaxUnavailable(), desired));
            // Without either there is no way forward; Kubernetes then lets one be unavailable.
            int missing = surge + unavailable == 0 ? 1 : unavailable;
            return new Rollout(desired, desired + surge, Math.max(0, desired - missing));
        }

        private static double share(@Nullable IntOrString given, int desired) {
            IntOrString value = given == null ? DEFAULT : given;
            return value.getIntVal() != null
                    ? value.getIntVal()
                    : desired * Double.parseDouble(value.getStrVal().replace("%", "")) / 100;
        }

        /** New Pods to create now. */
        int toCreate(int current, int outdated) {
            return Math.max(0, Math.min(desired - current, most - current - outdated));
        }

        /** Old Pods to remove now; those that are not ready serve no one. */
        int toRemove(int outdated, int ready) {
            return Math.min(outdated, Math.max(0, ready - fewest));
        }
    }
}

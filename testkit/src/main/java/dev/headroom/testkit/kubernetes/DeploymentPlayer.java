package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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

    private final KubernetesClient client;
    private final PlayedPods pods;
    private final ExecutorService passes = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("deployment-player").factory());
    private final List<SharedIndexInformer<? extends HasMetadata>> informers;
    private volatile boolean holding;

    private DeploymentPlayer(KubernetesClient client) {
        this.client = client;
        this.pods = new PlayedPods(client);
        this.informers = List.of(
                client.apps()
                        .deployments()
                        .inform(handler(deployment -> deployment.getMetadata().getName())),
                client.pods().inform(handler(PlayedPods::deploymentOf)));
    }

    static DeploymentPlayer start(KubernetesClient client) {
        return new DeploymentPlayer(client);
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
                pods.removeAllOf(name); // as the garbage collector would
            } else {
                play(deployment);
            }
        } catch (KubernetesClientException e) {
            // Somebody else changed it at the same moment: that change leads to another pass.
            LOG.log(Level.DEBUG, () -> "a pass over " + name + " failed", e);
        }
    }

    private void play(Deployment deployment) {
        Rollout rollout = Rollout.of(deployment);
        String revision = PlayedPods.revision(deployment);
        List<Pod> all = pods.of(deployment.getMetadata().getName());
        List<Pod> current = all.stream()
                .filter(pod -> PlayedPods.isOf(revision, pod))
                .sorted(PlayedPods.BEST_FIRST)
                .toList();
        List<Pod> outdated = all.stream()
                .filter(pod -> !PlayedPods.isOf(revision, pod))
                .sorted(PlayedPods.BEST_FIRST.reversed())
                .toList();

        current.stream().skip(rollout.desired()).forEach(pods::remove);
        int ready = PlayedPods.ready(all);
        int unready = outdated.size() - PlayedPods.ready(outdated);
        outdated.stream()
                .limit(unready + rollout.toRemove(outdated.size() - unready, ready))
                .forEach(pods::remove);
        int missing = rollout.toCreate(Math.min(current.size(), rollout.desired()), outdated.size());
        for (int i = 0; i < missing; i++) {
            pods.create(deployment, revision);
        }
        if (!holding) {
            current.stream().filter(pod -> !PlayedPods.isReady(pod)).forEach(pods::makeReady);
        }
        PlayedStatus.write(client, deployment, pods.of(deployment.getMetadata().getName()), revision);
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
}

package dev.headroom.operator.reconcile;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process may act: always when it is alone, else while it holds the lease. A lease that is lost while we run (the API
 * server could not be reached for too long) is told to {@code lost}: somebody else acts by now. A lease given back because we
 * stop is not.
 */
public final class Leadership {

    private static final Logger LOG = System.getLogger(Leadership.class.getName());
    private static final String LEASE = "headroom-operator";
    private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private final @Nullable KubernetesClient client;
    private final String namespace;
    private final String identity;
    private final Runnable lost;
    private volatile boolean leads;
    private volatile boolean stopping;
    private volatile @Nullable LeaderTerm term;

    private Leadership(MeterRegistry metrics, @Nullable KubernetesClient client, String namespace, Runnable lost) {
        this.client = client;
        this.namespace = namespace;
        // Two pods on the network of one host share its name.
        this.identity = System.getenv().getOrDefault("HOSTNAME", "headroom") + "-" + UUID.randomUUID();
        this.lost = lost;
        this.leads = client == null;
        Gauge.builder("headroom.leader", () -> leads ? 1 : 0)
                .description("Whether this process acts (1) or waits for the lease (0).")
                .register(metrics);
    }

    /** Of a process that is the only one. */
    public static Leadership alone(MeterRegistry metrics) {
        return new Leadership(metrics, null, "", () -> {});
    }

    /** By a lease in this namespace. */
    public static Leadership byLease(MeterRegistry metrics, KubernetesClient client, String namespace, Runnable lost) {
        return new Leadership(metrics, client, namespace, lost);
    }

    public boolean leads() {
        return leads;
    }

    /** For the SDK, which acquires and renews the lease; empty when there is none. */
    public Optional<LeaderElectionConfiguration> election() {
        return client == null
                ? Optional.empty()
                : Optional.of(LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                        .withLeaseNamespace(namespace)
                        .withIdentity(identity)
                        // An exit of the SDK's own, within our shutdown hook, would wait for that hook for ever.
                        .withExitOnStopLeading(false)
                        .withLeaderCallbacks(new LeaderCallbacks(this::begun, this::ended, leader -> {}))
                        .build());
    }

    /**
     * The term of this process, read once from the lease; empty when somebody else holds that.
     *
     * @throws KubernetesClientException when it cannot be read
     */
    Optional<LeaderTerm> term() {
        if (client == null) {
            return Optional.of(LeaderTerm.ALONE);
        }
        if (term == null) {
            Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
            if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                term = new LeaderTerm(
                        Instant.parse(lease.getMetadata().getCreationTimestamp()),
                        requireNonNullElse(lease.getSpec().getLeaseTransitions(), 0));
            }
        }
        return Optional.ofNullable(term);
    }

    private void begun() {
        leads = true;
        try {
            // An owner in another namespace would have the lease deleted at once.
            ServiceAccount.ofThisPod(TOKEN)
                    .filter(account -> account.namespace().equals(namespace))
                    .ifPresent(this::giveLeaseToAccount);
        } catch (IOException | KubernetesClientException e) {
            LOG.log(
                    Level.WARNING,
                    "the lease will be left behind when the operator is uninstalled: {0}",
                    e.getMessage());
        }
    }

    /** Kubernetes deletes the lease with its owner, and the account of the pods is deleted when the operator is uninstalled. */
    private void giveLeaseToAccount(ServiceAccount account) {
        requireNonNull(client)
                .leases()
                .inNamespace(namespace)
                .withName(LEASE)
                .edit(lease -> new LeaseBuilder(lease)
                        .editMetadata()
                        .withOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("ServiceAccount")
                                .withName(account.name())
                                .withUid(account.uid())
                                .build())
                        .endMetadata()
                        .build());
    }

    private void ended() {
        leads = false;
        term = null;
        if (!stopping) {
            lost.run();
        }
    }

    /** From now on the end of our lead is no surprise. */
    public void stops() {
        stopping = true;
    }

    /**
     * Gives the lease back, when nothing is under way any more. The SDK stops renewing it when it stops, and would leave the next
     * process waiting until it runs out.
     */
    public void giveBack() {
        if (client == null) {
            return;
        }
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
            if (lease == null || !identity.equals(lease.getSpec().getHolderIdentity())) {
                return;
            }
            lease.getSpec().setHolderIdentity("");
            // With the version that was read: whoever takes it meanwhile keeps it.
            client.resource(lease).update();
        } catch (KubernetesClientException e) {
            LOG.log(Level.WARNING, "the lease was not given back, it runs out by itself: {0}", e.getMessage());
        }
    }
}

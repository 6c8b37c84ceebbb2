package dev.headroom.operator.reconcile;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The lease that this process may hold. The SDK stops renewing it when it stops, and leaves the next one waiting until it
 * runs out; we give it back.
 */
public record OwnLease(KubernetesClient client, String namespace, String name, String identity) {

    private static final Logger LOG = System.getLogger(OwnLease.class.getName());

    /** To be called when nothing is under way any more. */
    public void giveBack() {
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(name).get();
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

package dev.headroom.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * The operator's way to the API server: the service account's in a pod, the kubeconfig's elsewhere.
 *
 * <p>Few retries of single requests: the reconciler tries again anyway, and tells in the status. HTTP/1.1, so that nothing
 * that waits, as a watch does, stands in the way of the lease.
 */
final class ClusterClient {

    private static final int REQUEST_RETRIES = 3;

    private ClusterClient() {}

    static KubernetesClient open() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.addMixIn(ObjectMeta.class, WithoutManagers.class);
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withOnlyHttpWatches(true)
                        .withHttp2Disable(true)
                        .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                        .build())
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(new KubernetesSerialization(mapper, true))
                .build();
    }

    /** Who manages which field is most of a small object, kept for each resource, copied at each pass and read by none. */
    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagers {}
}

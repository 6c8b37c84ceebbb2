package dev.headroom.operator.reconcile;

import dev.headroom.operator.capacity.control.CapacityConcern.MetricsSources;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.capacity.metrics.PodMetrics;
import dev.headroom.operator.capacity.metrics.PrometheusMetrics;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.MetricsSpec;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.database.PostgresAccess.PemTrust;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Opens the metrics of a resource: its pods', or those of a Prometheus server with the Secrets that the resource names. */
public final class ClusterMetrics implements MetricsSources {

    /** Certificates are renewed, and a client of the former ones is never asked for again. One that is given up ends when nobody uses it. */
    private static final int MOST_CLIENTS = 32;

    private final SecretReader secrets;
    private final HttpClient http = PodMetrics.client();
    private final Map<String, HttpClient> byTrust = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HttpClient> eldest) {
            return size() > MOST_CLIENTS;
        }
    });
    private final InstantSource steady;

    /** @param steady the same time as the concern's */
    public ClusterMetrics(KubernetesClient client, AllowedHosts allowed, InstantSource steady) {
        this.steady = steady;
        this.secrets = new SecretReader(client, allowed);
    }

    @Override
    public MetricsSource open(Pass pass) throws Pass.NoDatabase {
        MetricsSpec spec = pass.spec().metrics();
        MetricsSpec.Prometheus prometheus = spec.prometheus();
        if (prometheus == null) {
            return new PodMetrics(http, spec, steady);
        }
        String namespace = pass.id().namespace();
        Optional<String> trusted = secrets.trusted(namespace, prometheus);
        return new PrometheusMetrics(
                prometheus.url(),
                spec.names(),
                namespace,
                trusted.isEmpty() ? http : trusting(trusted.get(), namespace),
                secrets.authorization(namespace, prometheus));
    }

    private HttpClient trusting(String pem, String namespace) throws Pass.NoDatabase {
        HttpClient known = byTrust.get(pem);
        if (known == null) {
            try {
                known = PodMetrics.client(PemTrust.context(pem));
            } catch (GeneralSecurityException | IOException e) {
                throw new Pass.NoDatabase(Verdict.unknown(
                        Reason.SECRET_MALFORMED,
                        "the Secret with ca.crt in namespace " + namespace + " cannot be used: " + e.getMessage()));
            }
            byTrust.put(pem, known);
        }
        return known;
    }
}

package dev.headroom.operator.reconcile;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.MetricsSpec.Prometheus;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.Credentials;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.database.DatabaseSecret;
import dev.headroom.operator.database.PostgresAccess;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Secrets that a resource names, at each pass anew, and keeps nothing of them: no watch, no right to list. A
 * password is used for a host only where the Secret or the operator's settings allow that host (decision 0130).
 */
final class SecretReader {

    static final String HOSTS_ANNOTATION = "headroom.dev/hosts";

    private final KubernetesClient client;
    private final AllowedHosts allowed;

    /** @param allowed the hosts to which any Secret's password may be sent */
    SecretReader(KubernetesClient client, AllowedHosts allowed) {
        this.client = client;
        this.allowed = allowed;
    }

    /**
     * The way to the resource's database.
     *
     * @param connections where its sessions are counted
     */
    DatabaseAccess read(DbPerformance resource, ConnectionCount connections) throws Pass.NoDatabase {
        String namespace = resource.getMetadata().getNamespace();
        DatabaseSpec database = resource.getSpec().database();
        CredentialsSecret names = database.credentialsSecretRef();
        try {
            Found secret = secret(namespace, names.name());
            DatabaseSecret values = new DatabaseSecret(names, secret.values()::get);
            DatabaseSpec complete = values.complete(database);
            requireAllowed(complete.host(), namespace, secret, values);
            Credentials credentials = new Credentials(
                    secret.required(values.user(), names.usernameKey()),
                    secret.required(values.password(), names.passwordKey()));
            return new PostgresAccess(
                    inNamespace(complete, namespace), credentials, trustedPem(namespace, database.tls()), connections);
        } catch (DatabaseSecret.Unusable e) {
            throw unusable(
                    Reason.SECRET_KEY_MISSING, "secret " + namespace + "/" + names.name() + ": " + e.getMessage());
        }
    }

    /**
     * A host without a dot is a Service of the resource's namespace, as it is for the pods there; the operator's own namespace
     * may have another one of that name.
     */
    private static DatabaseSpec inNamespace(DatabaseSpec complete, String namespace) {
        String host = requireNonNull(complete.host());
        return host.contains(".") || host.contains(":") || host.equals("localhost")
                ? complete
                : complete.at(
                        host + "." + namespace + ".svc",
                        requireNonNull(complete.port()),
                        requireNonNull(complete.name()));
    }

    /** What a Prometheus server asks for: the header Authorization, where the resource names a Secret for it. */
    Optional<String> authorization(String namespace, Prometheus server) throws Pass.NoDatabase {
        Prometheus.SecretName name = server.authSecretRef();
        if (name == null) {
            return Optional.empty();
        }
        String host = host(server.url());
        Found secret = secret(namespace, name.name());
        requireAllowed(
                host,
                namespace,
                secret,
                new DatabaseSecret(new CredentialsSecret(name.name(), "username", "password"), secret.values()::get));
        String token = secret.values().get("token");
        if (token != null) {
            return Optional.of("Bearer " + token.strip());
        }
        String user = secret.required(secret.values().get("username"), "username");
        String password = secret.required(secret.values().get("password"), "password");
        return Optional.of("Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    private static String host(String url) throws Pass.NoDatabase {
        try {
            String host = new URI(url).getHost();
            if (host != null) {
                return host;
            }
        } catch (URISyntaxException e) {
            throw unusable(
                    Reason.HOST_NOT_ALLOWED, "metrics.prometheus.url " + url + " is no address: " + e.getReason());
        }
        throw unusable(
                Reason.HOST_NOT_ALLOWED,
                "metrics.prometheus.url " + url + " has no host name that a Secret could allow: it is made of letters,"
                        + " digits, \"-\" and \".\"");
    }

    /** The certificates that a Prometheus server is known by, in PEM; empty for those that Java trusts. */
    Optional<String> trusted(String namespace, Prometheus server) throws Pass.NoDatabase {
        Prometheus.SecretName name = server.caSecretRef();
        if (name == null) {
            return Optional.empty();
        }
        Found secret = secret(namespace, name.name());
        return Optional.of(secret.required(secret.values().get("ca.crt"), "ca.crt"));
    }

    /** Else whoever may create resources, and not read Secrets, could have a password sent to a host of their own. */
    private void requireAllowed(@Nullable String host, String namespace, Found secret, DatabaseSecret values)
            throws Pass.NoDatabase {
        if (host == null
                || values.names(host, namespace)
                || AllowedHosts.parse(secret.hostsAnnotation()).allow(host)
                || allowed.allow(host)) {
            return;
        }
        throw unusable(
                Reason.HOST_NOT_ALLOWED,
                secret.title() + " is not for host " + host + ": annotate it with " + HOSTS_ANNOTATION + "=" + host
                        + ", or leave database.host out and give the Secret the key host");
    }

    private @Nullable String trustedPem(String namespace, TlsSpec tls) throws Pass.NoDatabase {
        TlsSpec.CaSecret ca = tls.caSecretRef();
        if (ca == null) {
            return null;
        }
        Found secret = secret(namespace, ca.name());
        return secret.required(secret.values().get(ca.key()), ca.key());
    }

    private Found secret(String namespace, String name) throws Pass.NoDatabase {
        String title = "secret " + namespace + "/" + name;
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                throw unusable(
                        Reason.SECRET_FORBIDDEN,
                        "the operator may not read " + title + ": grant its service account get on it");
            }
            throw unusable(
                    Reason.SECRET_UNREADABLE, title + " could not be read, the API server says: " + firstLine(e));
        }
        if (secret == null) {
            throw unusable(Reason.SECRET_MISSING, title + " does not exist");
        }
        Map<String, String> annotations = secret.getMetadata().getAnnotations();
        return new Found(title, decoded(title, secret), annotations == null ? null : annotations.get(HOSTS_ANNOTATION));
    }

    private static Map<String, String> decoded(String title, Secret secret) throws Pass.NoDatabase {
        Map<String, String> values = new HashMap<>();
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        for (Map.Entry<String, String> entry : data.entrySet()) {
            try {
                values.put(
                        entry.getKey(),
                        new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw unusable(Reason.SECRET_MALFORMED, title + ": key \"" + entry.getKey() + "\" is not base64");
            }
        }
        return values;
    }

    /** In one line. What the API server says about a request that failed holds nothing of the Secret. */
    private static String firstLine(KubernetesClientException failure) {
        String message = failure.getStatus() != null && failure.getStatus().getMessage() != null
                ? failure.getStatus().getMessage()
                : String.valueOf(failure.getMessage());
        return (failure.getCode() == 0 ? "" : failure.getCode() + " ")
                + message.lines().findFirst().orElse("");
    }

    /** A Secret as it was read. */
    private record Found(
            String title,
            Map<String, String> values,
            @Nullable String hostsAnnotation) {

        String required(@Nullable String value, String key) throws Pass.NoDatabase {
            if (value == null || value.isEmpty()) {
                throw unusable(
                        Reason.SECRET_KEY_MISSING,
                        title + " has no key \"" + key + "\"; its keys are " + new TreeSet<>(values.keySet()));
            }
            return value;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** A Secret that cannot be used, with what to do. */
    private static Pass.NoDatabase unusable(Reason reason, String message) {
        return new Pass.NoDatabase(Verdict.unknown(reason, message));
    }
}

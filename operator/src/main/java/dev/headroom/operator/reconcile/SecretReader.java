package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.TlsSpec;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.Credentials;
import dev.headroom.operator.database.PostgresAccess;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the Secrets that a resource names, at each pass anew, and keeps nothing of them. */
final class SecretReader {

    private final KubernetesClient client;
    private final SecretWatches watches;
    private final ConnectionCount connections;

    SecretReader(KubernetesClient client, SecretWatches watches, ConnectionCount connections) {
        this.client = client;
        this.watches = watches;
        this.connections = connections;
    }

    Access read(DbPerformance resource) {
        String namespace = resource.getMetadata().getNamespace();
        DatabaseSpec database = resource.getSpec().database();
        watches.follow(ResourceID.fromResource(resource), named(namespace, database));
        try {
            CredentialsSecret names = database.credentialsSecret();
            Map<String, String> secret = secret(namespace, names.name());
            Credentials credentials = new Credentials(
                    value(namespace, names.name(), secret, names.usernameKey()),
                    value(namespace, names.name(), secret, names.passwordKey()));
            return new Access.Open(
                    new PostgresAccess(database, credentials, trustedPem(namespace, database.tls()), connections));
        } catch (Unusable e) {
            return new Access.Closed(e.why);
        }
    }

    /** Forgets a resource that is gone. */
    void leave(ResourceID resource) {
        watches.follow(resource, Set.of());
    }

    private static Set<ResourceID> named(String namespace, DatabaseSpec database) {
        Set<ResourceID> secrets = new HashSet<>();
        secrets.add(new ResourceID(database.credentialsSecret().name(), namespace));
        if (database.tls().caSecret() != null) {
            secrets.add(new ResourceID(database.tls().caSecret().name(), namespace));
        }
        return secrets;
    }

    private @Nullable String trustedPem(String namespace, TlsSpec tls) throws Unusable {
        TlsSpec.CaSecret ca = tls.caSecret();
        return ca == null ? null : value(namespace, ca.name(), secret(namespace, ca.name()), ca.key());
    }

    private Map<String, String> secret(String namespace, String name) throws Unusable {
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                throw new Unusable(
                        "SecretForbidden",
                        "the operator may not read secret " + namespace + "/" + name
                                + ": grant its service account get and watch on it");
            }
            throw new Unusable(
                    "SecretUnreadable",
                    "secret " + namespace + "/" + name + " could not be read, the API server says: " + said(e));
        }
        if (secret == null) {
            throw new Unusable("SecretMissing", "secret " + namespace + "/" + name + " does not exist");
        }
        watches.read(new ResourceID(name, namespace), secret.getMetadata().getResourceVersion());
        return secret.getData() == null ? Map.of() : secret.getData();
    }

    /** In one line. What it says about a request that failed holds nothing of the Secret. */
    private static String said(KubernetesClientException failure) {
        String message = failure.getStatus() != null && failure.getStatus().getMessage() != null
                ? failure.getStatus().getMessage()
                : String.valueOf(failure.getMessage());
        return (failure.getCode() == 0 ? "" : failure.getCode() + " ")
                + message.lines().findFirst().orElse("");
    }

    private static String value(String namespace, String name, Map<String, String> secret, String key) throws Unusable {
        String encoded = secret.get(key);
        if (encoded == null || encoded.isEmpty()) {
            throw new Unusable(
                    "SecretKeyMissing",
                    "secret " + namespace + "/" + name + " has no key \"" + key + "\"; its keys are "
                            + new TreeSet<>(secret.keySet()));
        }
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unusable(
                    "SecretMalformed", "secret " + namespace + "/" + name + ": key \"" + key + "\" is not base64");
        }
    }

    /** A Secret that cannot be used, with what to do. */
    private static final class Unusable extends Exception {
        private final Verdict why;

        Unusable(String reason, String message) {
            super(message);
            this.why = Verdict.unknown(reason, message);
        }
    }
}

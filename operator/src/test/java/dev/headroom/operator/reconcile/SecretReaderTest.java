package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.MetricsSpec.Prometheus;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.DatabaseAccess;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the answers of an API server that is asked for a Secret. */
class SecretReaderTest {

    /** Its password would go to whatever the client makes of it. */
    @ParameterizedTest
    @CsvSource({"http://my_prom:9090, has no host name", "'http://[::1', is no address"})
    void anAddressWithoutAHostGetsNoPassword(String url, String why) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:1")
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            SecretReader reader = new SecretReader(client, AllowedHosts.NONE);
            Prometheus server = new Prometheus(url, new Prometheus.SecretName("prometheus"), null);

            Verdict refusal = catchThrowableOfType(Pass.NoDatabase.class, () -> reader.authorization("prod", server))
                    .why();

            assertThat(refusal.reason()).hasToString("HostNotAllowed");
            assertThat(refusal.message()).contains(url + " " + why);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403, SecretForbidden, grant its service account get on it",
        "404, SecretMissing, secret prod/db does not exist",
        "500, SecretUnreadable, the API server says: 500 the KMS is away",
        "503, SecretUnreadable, the API server says: 503 the KMS is away"
    })
    void eachAnswerIsAReasonInTheStatus(int code, String reason, String message) throws Exception {
        String body =
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"the KMS is away\","
                        + "\"code\":" + code + "}";

        Verdict why = catchThrowableOfType(
                        Pass.NoDatabase.class, () -> read(code, body, Resources.resource("one", "Apply", 1, "")))
                .why();

        assertThat(why.truth()).isEqualTo(Truth.UNKNOWN);
        assertThat(why.reason()).hasToString(reason);
        assertThat(why.message()).contains(message);
    }

    /** The operator mostly lives in another namespace than the resource, where the name of a Service means another one or none. */
    @ParameterizedTest
    @CsvSource({
        "db-rw, db-rw.prod.svc",
        "db-rw.prod, db-rw.prod",
        "db.example.org, db.example.org",
        "10.1.2.3, 10.1.2.3",
        "::1, ::1",
        "localhost, localhost"
    })
    void aHostWithoutADotIsAServiceOfTheResourcesNamespace(String host, String address) throws Exception {
        String secret = """
                {"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"prod"},
                "data":{"username":"%s","password":"%s","host":"%s","dbname":"%s"}}""".formatted(base64("app"), base64("pw"), base64(host), base64("shop"));

        DbPerformance resource = Resources.resource("one", "Apply", 1, "");
        DatabaseSpec database = resource.getSpec().database();
        resource.setSpec(DbPerformanceSpec.of(
                resource.getSpec().mode(),
                new DatabaseSpec(null, null, null, database.schemas(), database.credentialsSecretRef(), database.tls()),
                resource.getSpec().indexes()));

        assertThat(read(200, secret, resource).spec().host()).isEqualTo(address);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the Secret of a resource from an API server that answers with this. */
    private static DatabaseAccess read(int code, String answer, DbPerformance resource)
            throws IOException, Pass.NoDatabase {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(code, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            return new SecretReader(client, AllowedHosts.NONE)
                    .read(resource, new ConnectionCount(new SimpleMeterRegistry()));
        } finally {
            server.stop(0);
        }
    }
}

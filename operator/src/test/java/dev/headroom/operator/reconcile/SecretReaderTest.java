package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.database.ConnectionCount;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server that answers, and not with the Secret. */
class SecretReaderTest {

    @ParameterizedTest
    @CsvSource({
        "403, SecretForbidden, grant its service account get on it",
        "404, SecretMissing, secret prod/db does not exist",
        "500, SecretUnreadable, the API server says: 500 the KMS is away",
        "503, SecretUnreadable, the API server says: 503 the KMS is away"
    })
    void eachAnswerIsAReasonInTheStatus(int code, String reason, String message) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        byte[] body =
                ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"the KMS is away\","
                                + "\"code\":" + code + "}")
                        .getBytes(StandardCharsets.UTF_8);
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
            SecretReader reader = new SecretReader(client, AllowedHosts.NONE);
            Verdict why = catchThrowableOfType(
                            Pass.NoDatabase.class,
                            () -> reader.read(
                                    Resources.resource("one", "Apply", 1, ""),
                                    new ConnectionCount(new SimpleMeterRegistry())))
                    .why();
            assertThat(why.truth()).isEqualTo(Truth.UNKNOWN);
            assertThat(why.reason()).hasToString(reason);
            assertThat(why.message()).contains(message);
        } finally {
            server.stop(0);
        }
    }
}

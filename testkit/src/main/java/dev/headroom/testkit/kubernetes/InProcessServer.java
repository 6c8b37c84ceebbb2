package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** fabric8's API server in this JVM: it needs nothing, stores and watches objects, and judges none of them. */
final class InProcessServer {

    private InProcessServer() {}

    static KubernetesServer start() {
        KubernetesMockServer server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new ApplyingDispatcher(), false);
        server.init();
        KubernetesServer started = new KubernetesServer(
                KubernetesServer.Kind.IN_PROCESS,
                "fabric8's API server in this JVM (no validation, no RBAC); set KUBEBUILDER_ASSETS or TEST_KUBECONFIG for"
                        + " a real one",
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(server.url("/").toString())
                        .build());
        started.createNamespace("kube-system").close();
        return started;
    }

    /**
     * Does server-side apply, which fabric8's server does not know: what is applied replaces what is there, field by
     * field, lists whole. Who owns which field is not kept: what depends on that needs a real API server.
     */
    private static final class ApplyingDispatcher extends KubernetesCrudDispatcher {

        private static final String CONTENT_TYPE = "Content-Type";

        @Override
        public MockResponse handlePatch(RecordedRequest request) {
            String type = request.getHeader(CONTENT_TYPE);
            if (type == null || !type.startsWith("application/apply-patch")) {
                return super.handlePatch(request);
            }
            String path = request.getPath().replaceFirst("\\?.*", "");
            MockResponse there = handleGet(path.replaceFirst("/status$", ""));
            if (there.code() != 200) {
                return there;
            }
            Map<?, ?> now = Serialization.unmarshal(there.getBody().readUtf8(), Map.class);
            Map<?, ?> applied = Serialization.unmarshal(request.getUtf8Body(), Map.class);
            String body = Serialization.asJson(merged(now, applied));
            return handleUpdate(new RecordedRequest(
                    request.getHttpVersion(),
                    HttpMethod.PUT,
                    path,
                    request.getHeaders()
                            .newBuilder()
                            .setHeader(CONTENT_TYPE, "application/json")
                            .build(),
                    new Buffer(body.getBytes(StandardCharsets.UTF_8))));
        }

        private static Map<Object, Object> merged(Map<?, ?> now, Map<?, ?> applied) {
            Map<Object, Object> merged = new LinkedHashMap<>(now);
            applied.forEach((key, value) -> merged.merge(
                    key,
                    value,
                    (old, given) -> old instanceof Map<?, ?> a && given instanceof Map<?, ?> b ? merged(a, b) : given));
            return merged;
        }
    }
}

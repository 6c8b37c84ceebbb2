package dev.headroom.charts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API server that Helm's function {@code lookup} asks when a test renders a chart: it has the objects that the test put there, and
 * no others. Helm knows it by {@code KUBECONFIG}, which the build sets, so that no test reads the developer's own cluster.
 */
final class LookupServer {

    private static final Map<String, String> OBJECTS = new ConcurrentHashMap<>();
    private static final Map<String, String> DISCOVERY = Map.of(
            "/api/v1", resources("v1", resource("secrets", "Secret"), resource("configmaps", "ConfigMap")),
            "/apis/apps/v1", resources("apps/v1", resource("deployments", "Deployment")));

    private LookupServer() {}

    /** Started at the first call, once in this JVM. */
    private static final class OfThisRun {
        static final HttpServer SERVER = start();
    }

    static void require() {
        if (OfThisRun.SERVER.getAddress() == null) {
            throw new IllegalStateException("the server for Helm's lookups does not listen");
        }
    }

    /** Puts an object there; closing takes it away. */
    static AutoCloseable with(String plural, String name, String json) {
        String path = (plural.equals("deployments") ? "/apis/apps/v1" : "/api/v1") + "/namespaces/" + Chart.NAMESPACE
                + "/" + plural + "/" + name;
        OBJECTS.put(path, json);
        return () -> OBJECTS.remove(path);
    }

    private static HttpServer start() {
        String kubeconfig = System.getenv("KUBECONFIG");
        if (kubeconfig == null || !kubeconfig.contains("target")) {
            throw new IllegalStateException(
                    "KUBECONFIG has to name a file in target, where Helm finds the server for its lookups;"
                            + " Maven sets it");
        }
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.createContext("/", LookupServer::answer);
            server.start();
            Path file = Path.of(kubeconfig);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: lookups, cluster: {server: "http://127.0.0.1:%d"}}]
                    contexts: [{name: lookups, context: {cluster: lookups, user: nobody}}]
                    users: [{name: nobody, user: {}}]
                    current-context: lookups
                    """.formatted(server.getAddress().getPort()));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String found = DISCOVERY.getOrDefault(path, OBJECTS.get(path));
        byte[] body = (found == null ? """
                        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,"message":"not there"}""" : found).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(found == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String resources(String version, String... resources) {
        return """
                {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"%s","resources":[%s]}""".formatted(version, String.join(",", resources));
    }

    private static String resource(String plural, String kind) {
        return """
                {"name":"%s","singularName":"","namespaced":true,"kind":"%s","verbs":["get","list"]}""".formatted(plural, kind);
    }
}

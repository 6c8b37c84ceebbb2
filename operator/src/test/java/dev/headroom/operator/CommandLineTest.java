package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.headroom.operator.database.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program at a terminal: what it prints before it reaches a cluster, and its exit codes. */
class CommandLineTest {

    @TempDir
    private Path folder;

    @Test
    void withoutArgumentsItHelps() throws Exception {
        assertThat(said(0, Map.of())).first().asString().startsWith("Usage: headroom-operator");
    }

    @Test
    void helpOfRunNamesEverySetting() throws Exception {
        assertThat(String.join("\n", said(0, Map.of(), "run", "--help")))
                .startsWith("Usage: headroom-operator run")
                .contains("--log-level=VALUE", "--watch-namespaces=VALUE", "--admin-port=VALUE", "HEADROOM_LOG_LEVEL");
    }

    @Test
    void everyProblemOfTheSettingsIsToldInALineEach() throws Exception {
        assertThat(said(1, Map.of(), "run", "--admin-port", "99999", "--log-levle=DEBUG"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("error: "))
                .anyMatch(line -> line.contains("--admin-port") && line.contains("65535"))
                .anyMatch(line -> line.contains("did you mean log-level?"));
    }

    @Test
    void aKubeconfigThatDoesNotExistIsNamed() throws Exception {
        assertThat(said(1, Map.of("KUBECONFIG", "/no/such"), "run"))
                .containsExactly("error: no cluster: KUBECONFIG names /no/such, which cannot be read");
    }

    @Test
    void aKubeconfigWithoutAContextIsNamed() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "apiVersion: v1\nkind: Config\n");
        assertThat(said(1, Map.of("KUBECONFIG", empty.toString()), "run"))
                .singleElement()
                .asString()
                .startsWith("error: no cluster: " + empty + " has no current-context");
    }

    @Test
    void aPortWhereNothingListensIsToldInASentence() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String url = "https://127.0.0.1:" + port + "/";
        String config = kubeconfig(url);
        assertThat(said(1, Map.of("KUBECONFIG", config), "run"))
                .containsExactly("error: the API server " + url + " (" + config
                        + ") cannot be reached: nothing accepts connections there");
    }

    @Test
    void aHostThatDoesNotExistIsToldInASentence() throws Exception {
        String config = kubeconfig("https://no-such-host.invalid:6443/");
        assertThat(said(1, Map.of("KUBECONFIG", config), "run"))
                .containsExactly("error: the API server https://no-such-host.invalid:6443/ (" + config
                        + ") cannot be reached: there is no host of this name");
    }

    @Test
    void aContextThatIsNotInTheKubeconfigIsTold() throws Exception {
        Path config = Path.of(kubeconfig("https://localhost:1/"));
        Files.writeString(config, Files.readString(config).replace("current-context: x", "current-context: nowhere"));
        assertThat(said(1, Map.of("KUBECONFIG", config.toString()), "run"))
                .singleElement()
                .asString()
                .startsWith("error: no cluster: " + config + " has no current-context that it describes");
    }

    @Test
    void aClusterWithoutTheResourceDefinitionIsToldInASentence() throws Exception {
        HttpServer server = clusterWithoutTheDefinition();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            assertThat(said(1, Map.of("KUBECONFIG", kubeconfig(url)), "run", "--admin-port=0"))
                    .containsExactly(
                            "error: cannot start: the cluster has no dbperformances.headroom.dev: kubectl apply -f"
                                    + " crds/ creates it");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aTakenAdminPortIsToldInASentence() throws Exception {
        HttpServer server = clusterWithoutTheDefinition();
        try {
            int taken = server.getAddress().getPort();
            String config = kubeconfig("http://127.0.0.1:" + taken + "/");
            assertThat(said(1, Map.of("KUBECONFIG", config), "run", "--admin-host=127.0.0.1", "--admin-port=" + taken))
                    .singleElement()
                    .asString()
                    .startsWith("error: cannot listen on 127.0.0.1:" + taken + " for health and metrics: ")
                    .endsWith("; set --admin-port or --admin-host");
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer clusterWithoutTheDefinition() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String answer = switch (exchange.getRequestURI().getPath()) {
                case "/version" -> "{\"major\": \"1\", \"minor\": \"34\"}";
                case "/api/v1/namespaces/kube-system" ->
                    "{\"kind\": \"Namespace\", \"apiVersion\": \"v1\", \"metadata\": {\"uid\": \"u\"}}";
                default -> "";
            };
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.isEmpty() ? 404 : 200, answer.isEmpty() ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void credentialsThatAreNotAcceptedAreToldInASentence() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            assertThat(said(1, Map.of("KUBECONFIG", kubeconfig(url)), "run"))
                    .singleElement()
                    .asString()
                    .contains(url, "does not accept the credentials: 401 Unauthorized");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anExpiredCertificateIsToldInASentence() throws Exception {
        TestAuthority authority = new TestAuthority(folder.resolve("store"), "cluster");
        Path trusted = Files.writeString(folder.resolve("ca.crt"), authority.pem());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.expired("ip:127.0.0.1")));
        server.start();
        try {
            String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
            String config = kubeconfig(url + "\", certificate-authority: \"" + trusted);
            assertThat(said(1, Map.of("KUBECONFIG", config), "run"))
                    .singleElement()
                    .asString()
                    .startsWith("error: the API server " + url + " (" + config
                            + ") has a certificate that has expired: NotAfter: ");
        } finally {
            server.stop(0);
        }
    }

    private String kubeconfig(String server) throws Exception {
        return Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: "t"}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(server))
                .toString();
    }

    private static List<String> said(int code, Map<String, String> environment, String... arguments) throws Exception {
        try (OperatorProgram program = OperatorProgram.atTerminal(List.of(arguments), environment)) {
            assertThat(program.endsWithin(30)).isTrue();
            assertThat(program.said()).as("exit code %s", program.exitCode()).isNotEmpty();
            assertThat(program.exitCode()).isEqualTo(code);
            return program.said();
        }
    }
}

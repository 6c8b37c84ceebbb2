package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The nginx configuration on each catalog's page, run as it stands there between the service and a stand-in for the original. */
class BehindNginxTest {
    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();
    private static final String ID = "123e4567-e89b-12d3-a456-426614174000";

    /** Names that the catalogs' paths take, of rows that need not be there. */
    private static final Map<String, String> NAMES = Map.of(
            "library_id",
            "matplotlib",
            "spec_id",
            "scatter%2Dbasic",
            "library",
            "matplotlib",
            "name",
            "%40orchestrator");

    @TempDir
    static Path folder;

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static TestPostgres.Database database;
    private static RunningService service;
    private static HttpServer original;

    @BeforeAll
    static void start() throws IOException {
        nginx();
        database = TestPostgres.database();
        service = RunningService.on(database, "--catalogs.enabled=statehub,plots,agents");
        original = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        original.createContext("/", exchange -> {
            String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            exchange.getResponseHeaders().set("X-Original", asked);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        original.start();
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            original.stop(0);
            service.close();
            database.close();
        }
        CLIENT.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"statehub", "plots", "agents"})
    void everyReadOfTheCatalogIsAnsweredByTheService(String catalog) throws Exception {
        try (Nginx nginx = Nginx.of(catalog)) {
            for (Endpoint endpoint : loaded(catalog).endpoints()) {
                String path = path(endpoint);
                String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
                for (String asked : List.of(path, other, path + "?x=1")) {
                    for (String method : List.of("GET", "HEAD")) {
                        HttpResponse<String> answer = nginx.send(method, asked);
                        assertThat(answer.headers().firstValue("X-Original"))
                                .as(asked)
                                .isEmpty();
                        assertThat(answer.headers().firstValue("X-Process-Time"))
                                .as(asked)
                                .isPresent();
                        assertThat(answer.statusCode()).as(asked).isIn(200, 404);
                    }
                }
                assertThat(nginx.send("POST", path).headers().firstValue("X-Original"))
                        .contains("POST " + path);
                assertThat(nginx.send("OPTIONS", path).headers().firstValue("X-Original"))
                        .contains("OPTIONS " + path);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "statehub, GET /domains/new",
        "statehub, PATCH /tasks/123e4567-e89b-12d3-a456-426614174000",
        "statehub, DELETE /repos/123e4567-e89b-12d3-a456-426614174000",
        "statehub, GET /tasks/123e4567-e89b-12d3-a456-426614174000/comments",
        "statehub, GET /state/summary/more?a=b",
        "statehub, GET /docs",
        "plots, GET /",
        "plots, POST /feedback",
        "plots, GET /specs/scatter-basic/matplotlib",
        "plots, GET /specs/scatter-basic/matplotlib/code/raw",
        "plots, GET /plots/filters",
        "plots, GET /sitemap.xml",
        "agents, GET /api/agents/123e4567-e89b-12d3-a456-426614174000/system-prompt",
        "agents, GET /api/agents/123e4567-e89b-12d3-a456-426614174000/dm-channel",
        "agents, PATCH /api/agents/123e4567-e89b-12d3-a456-426614174000/activate",
        "agents, POST /api/workflows/plan",
        "agents, GET /api/workspace/tree?path=%2Fa%20b",
        "agents, GET /socket.io/?EIO=4&transport=polling",
        "agents, GET /api/health"
    })
    void everythingElseStaysWithTheOriginal(String catalog, String request) throws Exception {
        try (Nginx nginx = Nginx.of(catalog)) {
            String[] asked = request.split(" ", 2);

            HttpResponse<String> answer = nginx.send(asked[0], asked[1]);

            assertThat(answer.headers().firstValue("X-Original")).contains(request);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"statehub", "plots", "agents"})
    void thePageNamesTheTablesThatTellOfChanges(String catalog) throws IOException {
        Matcher named = Pattern.compile("-v tables='([^']*)'").matcher(page(catalog));
        assertThat(named.find()).isTrue();

        assertThat(new TreeSet<>(List.of(named.group(1).split(", "))))
                .isEqualTo(new TreeSet<>(loaded(catalog).loaded().getFirst().read().stream()
                        .map(table ->
                                table.substring(table.lastIndexOf('.') + 1).replace("\"", ""))
                        .toList()));
    }

    private static LoadedCatalogs loaded(String catalog) {
        return new CatalogLoader(CatalogSettings.bundled(catalog), Service.sources()).load();
    }

    private static String path(Endpoint endpoint) {
        String path = endpoint.path().text();
        for (String parameter : endpoint.path().parameters()) {
            path = path.replace("{" + parameter + "}", NAMES.getOrDefault(parameter, ID));
        }
        return path;
    }

    private static String page(String catalog) throws IOException {
        return Files.readString(DOCS.resolve("catalog-" + catalog + ".md"));
    }

    private static Path nginx() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(directory -> Path.of(directory, "nginx"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> Skipped.because("there is no nginx here", "nginx installed, as by apt install nginx"));
    }

    /** nginx with the configuration of one page; only addresses and where it writes are the test's. */
    private record Nginx(Process process, int port) implements AutoCloseable {

        static Nginx of(String catalog) throws IOException {
            Matcher block =
                    Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL).matcher(page(catalog));
            assertThat(block.find()).isTrue();
            int port = freePort();
            String text = replaced(
                    block.group(1),
                    "127.0.0.1:8080",
                    "127.0.0.1:" + service.service().port());
            text = replaced(
                    text, "127.0.0.1:8000", "127.0.0.1:" + original.getAddress().getPort());
            text = replaced(text, "listen 80;", "listen 127.0.0.1:" + port + ";");
            StringBuilder own = new StringBuilder("http {\naccess_log off;\n");
            for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
                own.append(kind)
                        .append("_temp_path ")
                        .append(folder)
                        .append('/')
                        .append(kind)
                        .append(";\n");
            }
            text = "pid " + folder + "/nginx.pid;\ndaemon off;\nerror_log stderr;\n"
                    + replaced(text, "http {\n", own.toString());
            Path file = Files.writeString(folder.resolve("nginx.conf"), text);
            Path said = folder.resolve("nginx.log");
            Process process = new ProcessBuilder(nginx().toString(), "-p", folder.toString(), "-c", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            Nginx started = new Nginx(process, port);
            try {
                await().atMost(Duration.ofSeconds(20)).until(() -> started.isListening() || !process.isAlive());
                assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
                return started;
            } catch (RuntimeException | AssertionError failed) {
                started.close();
                throw failed;
            }
        }

        /** Each exactly once on the page, so that nothing of it goes untested. */
        private static String replaced(String text, String from, String to) {
            assertThat(text).containsOnlyOnce(from);
            return text.replace(from, to);
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        private boolean isListening() {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        }

        HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}

package dev.headroom.service;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service as main() would start it, on free ports and a database of a test's own. */
final class RunningService implements AutoCloseable {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Service service;

    private RunningService(Service service) {
        this.service = service;
    }

    /** Wired, and not yet listening. */
    static RunningService prepare(String jdbcUrl, String user, String password, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--server.host=127.0.0.1",
                "--server.port=0",
                "--admin.port=0",
                "--database.url=" + jdbcUrl,
                "--database.user=" + user,
                "--database.password=" + password,
                "--catalogs.enabled=statehub"));
        all.addAll(List.of(arguments));
        try {
            var loaded = SettingsLoader.load(CommandLine.parse(all.toArray(String[]::new), Map.of()), Map.of());
            if (!loaded.problems().isEmpty()) {
                throw new IllegalArgumentException(String.join("\n", loaded.problems()));
            }
            return new RunningService(new Service(loaded.settings().orElseThrow()));
        } catch (CommandLine.WrongUsage | BrokenCatalogs wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    static RunningService on(TestPostgres.Database database, String... arguments) {
        return prepare(database.jdbcUrl(), database.user(), database.password(), arguments)
                .started();
    }

    RunningService started() {
        try {
            service.start();
            return this;
        } catch (Exception cannot) {
            close();
            throw new IllegalStateException(cannot);
        }
    }

    Service service() {
        return service;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", service.port(), path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) {
        return send(method, service.port(), path, headers);
    }

    HttpResponse<String> admin(String path) {
        return send("GET", service.adminPort(), path);
    }

    /** These bytes, and all that comes back until the connection is closed. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> send(String method, int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        service.close();
        client.close();
    }
}

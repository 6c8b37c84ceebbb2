package dev.headroom.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service with all bundled catalogs, on PostgreSQL and Redis, asked for every endpoint. */
final class ServiceTraining extends Training {

    /** How often each endpoint is asked. Code that runs often here is compiled at each start of the image, which slows the start. */
    private static final int ROUNDS = 3;

    private static final Pattern ID = Pattern.compile("\"id\":\"?([^\",}]+)");
    private static final Pattern VARIABLE = Pattern.compile("\\{[^}]+}");
    private static final List<String> PAGES =
            List.of("/", "/docs", "/openapi.yaml", "/tasks/?limit=banana", "/nowhere");
    private static final List<String> ADMIN_PAGES = List.of("/metrics", "/slowest", "/health/live", "/health/ready");

    private final String api = "http://127.0.0.1:" + FreePort.any();
    private final String admin = "http://127.0.0.1:" + FreePort.any();

    /** The first id that each list answered with, by the list's path. */
    private final Map<String, String> ids = new HashMap<>();

    ServiceTraining(List<String> command, Path log) {
        super(command, log);
    }

    @Override
    void run() throws IOException, InterruptedException {
        try (TrainingServers servers = new TrainingServers()) {
            TestPostgres.Database database = servers.database();
            Process service = start(
                    List.of(
                            "--server.host=127.0.0.1",
                            "--server.port=" + port(api),
                            "--admin.port=" + port(admin),
                            "--database.url=" + database.jdbcUrl(),
                            "--database.user=" + database.user(),
                            "--redis.url=" + servers.redis().url(),
                            "--catalogs.sample-scale=0.01"),
                    Map.of("HEADROOM_DATABASE_PASSWORD", database.password()));
            Await.until("the service", () -> isUp(admin + "/health/ready") || !service.isAlive());
            if (!service.isAlive()) {
                throw new IOException("the service did not start" + said());
            }
            ask(database);
            stop(service, 0);
        }
    }

    private void ask(TestPostgres.Database database) throws IOException, InterruptedException {
        List<String> paths = paths();
        int answered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (String path : paths) {
                HttpResponse<String> answer = get(api + fill(path));
                answered += answer.statusCode() == 200 ? 1 : 0;
                Matcher id = ID.matcher(answer.body());
                if (!path.contains("{") && id.find()) {
                    ids.putIfAbsent(path, id.group(1));
                }
                String tag = answer.headers().firstValue("ETag").orElse("\"none\"");
                get(api + fill(path), "If-None-Match", tag, "Accept-Encoding", "gzip");
            }
            for (String page : PAGES) {
                get(api + page);
            }
            for (String page : ADMIN_PAGES) {
                get(admin + page);
            }
            change(database); // so that the next round finds its answers ended
        }
        if (answered < ROUNDS * paths.size() / 2) {
            throw new IOException("only " + answered + " of " + ROUNDS * paths.size()
                    + " requests were answered with 200: this is no run to learn from" + said());
        }
    }

    /** Paths without variables first: their answers have the ids that fill the variables of the others. */
    private List<String> paths() throws IOException, InterruptedException {
        List<String> paths = new ArrayList<>();
        JsonNode document =
                new ObjectMapper().readTree(get(api + "/openapi.json").body());
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            if (path.getValue().has("get")) {
                paths.add(path.getKey());
            }
        }
        paths.sort((a, b) -> Boolean.compare(a.contains("{"), b.contains("{")));
        return paths;
    }

    private String fill(String path) {
        int variable = path.indexOf('{');
        if (variable < 0) {
            return path;
        }
        return VARIABLE.matcher(path)
                .replaceAll(Matcher.quoteReplacement(ids.getOrDefault(path.substring(0, variable), "1")));
    }

    private static void change(TestPostgres.Database database) throws IOException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update statehub.tasks set title = title where id = (select min(id::text)::uuid from statehub.tasks)");
        } catch (SQLException e) {
            throw new IOException("the sample data cannot be changed: " + e.getMessage(), e);
        }
    }
}

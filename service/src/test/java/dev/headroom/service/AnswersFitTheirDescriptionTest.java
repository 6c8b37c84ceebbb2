package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What /openapi says of an answer is true of the answer that comes. */
class AnswersFitTheirDescriptionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of what a path's parameter stands for, one that is there. */
    private static final Map<String, String> SOMETHING = Map.ofEntries(
            Map.entry("/domains/{id}", "select id from statehub.domains"),
            Map.entry("/topics/{id}", "select id from statehub.topics"),
            Map.entry("/repos/{id}", "select id from statehub.managed_repos"),
            Map.entry("/workstreams/{id}", "select id from statehub.workstreams"),
            Map.entry("/tasks/{id}", "select id from statehub.tasks"),
            Map.entry("/libraries/{library_id}/images", "select id from plots.libraries"),
            Map.entry("/specs/{spec_id}", "select spec_id from plots.impls"),
            Map.entry("/specs/{spec_id}/images", "select spec_id from plots.impls"),
            Map.entry(
                    "/specs/{spec_id}/{library}/code",
                    "select spec_id || '/' || library_id from plots.impls where code is not null"),
            Map.entry("/api/agents/{id}", "select id from agents.agents"),
            Map.entry("/api/agents/name/{name}", "select name from agents.agents"),
            Map.entry("/api/channels/{id}", "select id from agents.channels"),
            Map.entry("/api/channels/{id}/messages", "select channel_id from agents.messages"),
            Map.entry("/api/workflows/{id}", "select id from agents.workflows"),
            Map.entry("/api/workflows/{id}/tasks", "select workflow_id from agents.workflow_tasks"),
            Map.entry(
                    "/api/workflows/{id}/tasks/{task_id}",
                    "select workflow_id || '/' || id from agents.workflow_tasks"),
            Map.entry("/api/agents/{id}/status", "select id from agents.agents"),
            Map.entry("/api/tasks/{id}", "select id from agents.tasks"));

    @TempDir
    static Path folder;

    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeAll
    static void start() {
        database = TestPostgres.database();
        LittleCatalog.execute(database, """
                create type mood as enum ('glad', 'sad');
                create type pair as (one int, other text);
                create domain twice as pair;
                create schema elsewhere;
                create type elsewhere.mood as enum ('odd');
                create table counted (tiny smallserial, small serial, big bigserial);
                insert into counted default values;
                """);
        LittleCatalog little = LittleCatalog.in(folder, "fresh: 1m")
                .with("rows", """
                        select n as note, array[n] as notes, (1, 'x')::pair as pair, (1, 'x')::twice as twice,
                               array['glad'::mood] as moods, array['odd'::elsewhere.mood] as odd, 'sad'::mood as mood,
                               '{{1,2},{3,4}}'::int[] as matrix, '1 2'::int2vector as keys, int4range(1, 5) as range,
                               'x'::bytea as bytes, 12.50 as price, null::int as nothing, '{"a": 1}'::jsonb as json,
                               interval '1 day' as span, time '10:00' as clock, 7::money as money, 5::oid as oid,
                               (n).id::int8 as big, 1.5::float8 as float, 'c'::"char" as letter, point '(1,2)' as at
                        from {notes} n
                        """, false)
                .with("counted", "select tiny, small, big from public.counted", false);
        service = RunningService.on(
                database,
                "--catalogs.enabled=statehub,plots,agents",
                "--catalogs.folders=" + little.folder(),
                "--catalogs.sample-scale=0.003");
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    static List<String> described() throws IOException {
        List<String> paths = new ArrayList<>();
        JSON.readTree(service.get("/openapi").body()).path("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    @ParameterizedTest
    @MethodSource("described")
    void anAnswerIsWhatItsDescriptionSays(String path) throws IOException {
        String asked = path;
        if (path.contains("{")) {
            assertThat(SOMETHING).containsKey(path);
            String found = LittleCatalog.text(database, SOMETHING.get(path) + " limit 1");
            for (String value : found.split("/", -1)) {
                asked = asked.replaceFirst("\\{[^}]*}", value);
            }
        }
        var answer = service.get(asked);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(mistakes(JSON.readTree(answer.body()), schema(path), "")).isEmpty();
    }

    @Test
    void thisWouldFindAMistake() throws IOException {
        JsonNode schema = schema("/rows");
        JsonNode wrong = JSON.readTree(service.get("/rows").body().replace("12.50", "\"12.50\""));
        assertThat(mistakes(wrong, schema, "")).containsExactly("/0/price is a string and not a [\"number\",\"null\"]");
    }

    private static JsonNode schema(String path) throws IOException {
        return JSON.readTree(service.get("/openapi").body())
                .path("paths")
                .path(path)
                .at("/get/responses/200/content/application~1json/schema");
    }

    private static List<String> mistakes(JsonNode value, JsonNode schema, String place) {
        List<String> mistakes = new ArrayList<>();
        JsonNode type = schema.path("type");
        if (!type.isMissingNode() && !allows(type, value)) {
            mistakes.add(place + " is a " + kind(value) + " and not a " + type);
        }
        for (JsonNode name : value.isObject() ? schema.path("required") : JSON.createArrayNode()) {
            if (!value.has(name.asText())) {
                mistakes.add(place + " has no " + name.asText());
            }
        }
        for (int at = 0; value.isArray() && at < value.size(); at++) {
            mistakes.addAll(mistakes(value.get(at), schema.path("items"), place + "/" + at));
        }
        value.properties().forEach(each -> {
            JsonNode properties = schema.path("properties");
            if (!properties.isMissingNode() && !properties.has(each.getKey())) {
                mistakes.add(place + " has " + each.getKey());
            }
            mistakes.addAll(mistakes(each.getValue(), properties.path(each.getKey()), place + "/" + each.getKey()));
        });
        return mistakes;
    }

    private static boolean allows(JsonNode type, JsonNode value) {
        return type.isTextual()
                ? type.asText().equals(kind(value)) || (type.asText().equals("number") && value.isNumber())
                : StreamSupport.stream(type.spliterator(), false).anyMatch(each -> allows(each, value));
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "null";
        };
    }
}

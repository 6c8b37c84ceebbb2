package dev.headroom.service.catalog.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headroom.service.catalog.BundledCatalog;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of what the columns persona and config hold, a few keys leave, and nothing else: the rest are prompts and keys. */
class AgentProjectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "00000000-0000-0000-0000-0000000000aa";
    private static final List<String> PERSONA = List.of("role", "goal", "backstory", "capabilities");
    private static final List<String> CONFIG = List.of("model", "temperature", "max_tokens");
    private static final String SECRET = "S3CRET";

    private static BundledCatalog agents;

    @BeforeAll
    static void tables() {
        agents = BundledCatalog.migrated("agents");
        agents.execute("alter table agents alter column persona drop not null");
    }

    @AfterAll
    static void close() {
        agents.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            nullValues = "NULL",
            quoteCharacter = '`',
            value = {
                "{\"role\":\"r\",\"goal\":\"g\",\"backstory\":\"b\",\"capabilities\":[\"x\"],\"key\":\"S3CRET\"}"
                        + " # {\"role\":\"r\",\"goal\":\"g\",\"backstory\":\"b\",\"capabilities\":[\"x\"]}",
                "NULL # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "null # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "\"S3CRET\" # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "7 # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "[{\"role\":\"S3CRET\",\"capabilities\":[\"S3CRET\"]}]"
                        + " # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "{\"role\":{\"key\":\"S3CRET\"},\"goal\":[\"S3CRET\"],\"backstory\":1,\"capabilities\":null}"
                        + " # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "{\"capabilities\":\"S3CRET\"} # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "{\"capabilities\":{\"a\":\"S3CRET\"}}"
                        + " # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[]}",
                "{\"capabilities\":[\"b\",{\"key\":\"S3CRET\"},[\"S3CRET\"],1,null,\"a\"]}"
                        + " # {\"role\":null,\"goal\":null,\"backstory\":null,\"capabilities\":[\"b\",\"a\"]}",
                "{\"role\":\"\\\"ä\\\\ \\u2028\"}"
                        + " # {\"role\":\"\\\"ä\\\\ \u2028\",\"goal\":null,\"backstory\":null,\"capabilities\":[]}"
            })
    void aPersonaHasFourKeys(String column, String answered) throws IOException {
        agent(column, "{}");

        assertThat(everyWay("persona"))
                .allSatisfy(persona ->
                        assertThat(persona).hasToString(JSON.readTree(answered).toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            nullValues = "NULL",
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\",\"temperature\":0.20,\"max_tokens\":8192,\"system_prompt\":\"S3CRET\"}"
                        + " # {\"model\": \"m\",\"temperature\":0.20,\"max_tokens\":8192}",
                "{\"temperature\":0.1000000000000000055511151231257827,\"max_tokens\":123456789012345678901}"
                        + " # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0.1000000000000000055511151231257827,"
                        + "\"max_tokens\":123456789012345678901}",
                "{\"temperature\":0,\"max_tokens\":-1}"
                        + " # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0,\"max_tokens\":-1}",
                "NULL # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0.7,\"max_tokens\":4000}",
                "null # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0.7,\"max_tokens\":4000}",
                "[\"S3CRET\"] # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0.7,\"max_tokens\":4000}",
                "{\"model\":null,\"temperature\":null,\"max_tokens\":null}"
                        + " # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0.7,\"max_tokens\":4000}",
                "{\"model\":{\"key\":\"S3CRET\"},\"temperature\":\"S3CRET\",\"max_tokens\":[\"S3CRET\"]}"
                        + " # {\"model\":\"claude-3-5-sonnet-20241022\",\"temperature\":0.7,\"max_tokens\":4000}"
            })
    void aConfigurationHasThreeKeys(String column, String answered) throws IOException {
        agent("{}", column);

        String compact = answered.replace("\": ", "\":");
        assertThat(agents.get("/api/agents/" + ID).orElseThrow().replace("\": ", "\":"))
                .contains("\"config\":" + compact);
        assertThat(everyWay("config"))
                .allSatisfy(config ->
                        assertThat(config).hasToString(JSON.readTree(answered).toString()));
    }

    /** Values of any form at any depth; whatever is not meant to leave says so in its text. */
    @Test
    void nothingElseEverLeaves() throws IOException {
        Random random = new Random(20261130);
        for (int i = 0; i < 20; i++) {
            StringBuilder rows = new StringBuilder();
            for (int n = 0; n < 50; n++) {
                rows.append(n == 0 ? "" : ", ")
                        .append("(gen_random_uuid(), '@%d', 'any', %s, %s)"
                                .formatted(n, literal(column(random, PERSONA)), literal(column(random, CONFIG))));
            }
            agents.execute("truncate agents cascade; insert into agents (id, name, agent_type, persona, config) values "
                    + rows);

            String answer = agents.get("/api/agents").orElseThrow();

            assertThat(answer.contains(SECRET)).isFalse();
            assertThat(JSON.readTree(answer)).hasSize(50).allSatisfy(agent -> {
                assertThat(agent.get("persona").fieldNames()).toIterable().containsExactlyElementsOf(PERSONA);
                assertThat(agent.get("config").fieldNames()).toIterable().containsExactlyElementsOf(CONFIG);
                assertThat(agent.at("/config/model").isTextual()).isTrue();
                assertThat(agent.at("/config/temperature").isNumber()).isTrue();
                assertThat(agent.at("/config/max_tokens").isNumber()).isTrue();
                assertThat(agent.at("/persona/capabilities")).allMatch(JsonNode::isTextual);
            });
        }
    }

    /** An object with some of the keys, and others; or anything at all. */
    private static JsonNode column(Random random, List<String> keys) {
        if (random.nextInt(6) == 0) {
            JsonNode value = odd(random, 3);
            return value.isObject() ? JSON.createArrayNode().add(value) : value;
        }
        ObjectNode object = JSON.createObjectNode();
        for (String key : keys) {
            int choice = random.nextInt(4);
            if (choice == 0) {
                object.put(key, "fine");
            } else if (choice == 1) {
                object.set(key, notText(odd(random, 3)));
            } else if (choice == 2) {
                object.put(key, random.nextDouble());
            }
        }
        object.set(List.of("system_prompt", "api_key", "Role", "model ").get(random.nextInt(4)), odd(random, 3));
        return object;
    }

    private static JsonNode notText(JsonNode value) {
        boolean texts = value.isArray() && value.valueStream().anyMatch(JsonNode::isTextual);
        return value.isTextual() || texts ? JsonNodeFactory.instance.nullNode() : value;
    }

    private static JsonNode odd(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> JsonNodeFactory.instance.nullNode();
            case 1 -> JsonNodeFactory.instance.textNode(SECRET);
            case 2 -> JsonNodeFactory.instance.numberNode(random.nextInt());
            case 3 -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case 4 -> JSON.createArrayNode().add(odd(random, depth - 1)).add(odd(random, depth - 1));
            default ->
                JSON.createObjectNode()
                        .<ObjectNode>set("role", odd(random, depth - 1))
                        .set("model", odd(random, depth - 1));
        };
    }

    private static String literal(JsonNode json) {
        return "'" + json.toString().replace("'", "''") + "'";
    }

    private static void agent(String persona, String config) {
        agents.execute("truncate agents cascade; insert into agents (id, name, agent_type, persona, config) values ('"
                + ID + "', '@one', 'any', " + quoted(persona) + ", " + quoted(config) + ")");
    }

    private static String quoted(String json) {
        return json == null ? "null" : "'" + json.replace("'", "''") + "'";
    }

    /** The same member of all three endpoints. */
    private static List<JsonNode> everyWay(String member) throws IOException {
        JsonNode list = JSON.readTree(agents.get("/api/agents").orElseThrow());
        JsonNode one = JSON.readTree(agents.get("/api/agents/" + ID).orElseThrow());
        JsonNode named = JSON.readTree(agents.get("/api/agents/name/one").orElseThrow());
        return List.of(list.get(0).get(member), one.get(member), named.get(member));
    }
}

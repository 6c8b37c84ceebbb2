package dev.headroom.operator.cli;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.tutorial.TutorialShell;
import dev.headroom.testkit.tutorial.TutorialShell.Answer;
import dev.headroom.testkit.tutorial.TutorialShell.Call;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What kubectl does with DbPerformance resources in a tutorial, by a client of one namespace: apply, wait, get, patch and delete. Columns come
 * from the definition. Namespaces of the tutorial stand for the one of the client.
 */
final class KubectlPlayer implements TutorialShell.Command {
    private static final Path DEFINITION = Path.of("../crds/dbperformances.headroom.dev.yaml");
    private static final String KIND = "dbperformance.headroom.dev/";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A member, and which of a list where it is one: {@code .conditions[?(@.type=="Ready")]}. */
    private static final Pattern MEMBER = Pattern.compile("\\.(\\w+)(?:\\[\\?\\(@\\.type==\"(\\w+)\"\\)])?");

    private static final Pattern WAIT = Pattern.compile("--for=(?:condition=(\\w+)|jsonpath=\\{(.*)}=(.*))");

    private final KubernetesClient client;

    KubectlPlayer(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Answer run(Call call) throws IOException {
        List<String> arguments = new ArrayList<>(call.arguments());
        int namespace = arguments.indexOf("--namespace");
        if (namespace >= 0) {
            arguments.subList(namespace, namespace + 2).clear();
        }
        return switch (String.join(" ", arguments.subList(0, Math.min(2, arguments.size())))) {
            case "apply -f" -> apply(call.input());
            case "get dbp" -> Answer.done(table());
            case "patch dbp" -> patch(arguments.get(2), arguments.getLast());
            case "delete dbp" -> delete();
            case "delete namespace" -> Answer.done(""); // the test's namespace goes with the test
            default ->
                arguments.getFirst().equals("wait")
                        ? waitFor(arguments.get(1), arguments.get(2).replace("dbp/", ""))
                        : new Answer(1, "kubectl " + arguments + " is not played\n");
        };
    }

    private Answer apply(String yaml) {
        DbPerformance resource = Serialization.unmarshal(yaml, DbPerformance.class);
        client.resource(resource).inNamespace(client.getNamespace()).createOr(NonDeletingOperation::update);
        return Answer.done(KIND + resource.getMetadata().getName() + " created\n");
    }

    private Answer patch(String name, String json) {
        client.resources(DbPerformance.class).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), json);
        return Answer.done(KIND + name + " patched\n");
    }

    private Answer delete() {
        client.resources(DbPerformance.class).delete();
        try {
            await().atMost(PATIENCE).until(() -> all().isEmpty());
            return Answer.done("");
        } catch (ConditionTimeoutException e) {
            return new Answer(1, "error: timed out waiting for the deletion\n");
        }
    }

    private Answer waitFor(String what, String name) {
        Matcher wanted = WAIT.matcher(what);
        if (!wanted.matches()) {
            return new Answer(1, "kubectl wait " + what + " is not played\n");
        }
        String path = wanted.group(1) == null
                ? wanted.group(2)
                : ".status.conditions[?(@.type==\"" + wanted.group(1) + "\")].status";
        String value = wanted.group(1) == null ? wanted.group(3) : "True";
        try {
            await().atMost(PATIENCE)
                    .until(() -> all().stream()
                            .anyMatch(each -> text(each, ".metadata.name").equals(name)
                                    && text(each, path).equals(value)));
            return Answer.done(KIND + name + " condition met\n");
        } catch (ConditionTimeoutException e) {
            return new Answer(
                    1, "error: timed out waiting for the condition on dbperformances/" + name + "\n" + table());
        }
    }

    private List<JsonNode> all() {
        return client.resources(DbPerformance.class).list().getItems().stream()
                .map(each -> Serialization.unmarshal(Serialization.asJson(each), JsonNode.class))
                .toList();
    }

    /** As kubectl prints it: columns three spaces apart. */
    private String table() {
        List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>(List.of("NAME"))));
        List<JsonNode> resources = all();
        resources.forEach(each -> rows.add(new ArrayList<>(List.of(text(each, ".metadata.name")))));
        for (JsonNode column : columns()) {
            rows.getFirst().add(column.path("name").asText().toUpperCase(Locale.ROOT));
            String path = column.path("jsonPath").asText();
            for (int row = 0; row < resources.size(); row++) {
                String value = text(resources.get(row), path);
                rows.get(row + 1).add(column.path("type").asText().equals("date") ? age(value) : value);
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                table.append(row.get(column))
                        .repeat(" ", width(rows, column) + 3 - row.get(column).length());
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static JsonNode columns() {
        try {
            return Serialization.unmarshal(Files.readString(DEFINITION), JsonNode.class)
                    .at("/spec/versions/0/additionalPrinterColumns");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String age(String since) {
        return Duration.between(Instant.parse(since), Instant.now()).toSeconds() + "s";
    }

    private static String text(JsonNode resource, String path) {
        JsonNode at = resource;
        Matcher member = MEMBER.matcher(path);
        while (member.find()) {
            at = at.path(member.group(1));
            String type = member.group(2);
            if (type != null) {
                JsonNode found = MissingNode.getInstance();
                for (JsonNode each : at) {
                    found = each.path("type").asText().equals(type) ? each : found;
                }
                at = found;
            }
        }
        return at.asText("");
    }
}

package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.headroom.operator.RunningOperator;
import dev.headroom.operator.TestCluster;
import dev.headroom.operator.index.IndexConcern;
import dev.headroom.operator.index.build.IndexWork.WorkObserver;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import dev.headroom.testkit.tutorial.MakeCommand;
import dev.headroom.testkit.tutorial.Tutorial;
import dev.headroom.testkit.tutorial.TutorialShell;
import dev.headroom.testkit.tutorial.TutorialShell.Answer;
import dev.headroom.testkit.tutorial.TutorialShell.Call;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * docs/tutorial-first-dbperformance.md does what it says. The shell and {@code make run} are real; {@code bin/headroom-operator} runs in this
 * JVM. Of the part on a cluster, {@code kubectl} is played by {@link KubectlPlayer} on the API server of this test run, and {@code helm
 * install} by what the charts bring: the operator, and the Secret {@code shop-dev} of the database of {@code make run}, without the indexes that
 * were built in it. What needs nodes, that the charts' pods come up, is for a run on a real cluster.
 */
@KubernetesTest
class FirstDbPerformanceIT {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path folder;

    private @Nullable RunningOperator operator;

    @Test
    void everyStepDoesWhatTheTutorialSays(KubernetesClient client) throws Exception {
        Tutorial tutorial = Tutorial.read(ROOT.resolve("docs/tutorial-first-dbperformance.md"));
        assertThat(tutorial.steps()).hasSizeGreaterThan(8);

        try (TutorialShell shell = TutorialShell.in(folder)) {
            MakeCommand make = MakeCommand.addTo(shell, ROOT);
            shell.command("bin/headroom-operator", call -> commandLine(shell.folder(), call))
                    .command("helm", call -> helm(call, client, make))
                    .command("kubectl", new KubectlPlayer(client))
                    .play(tutorial);
        } finally {
            stopOperator();
        }
    }

    /** In this JVM, whose working folder and environment are others. */
    private Answer commandLine(Path root, Call call) throws IOException {
        List<String> arguments = new ArrayList<>(call.arguments());
        int file = arguments.indexOf("-f") + 1;
        arguments.set(file, root.resolve(arguments.get(file)).toString());
        String password = call.environment().getOrDefault("PGPASSWORD", "");
        arguments.addAll(List.of(
                "--password-file",
                Files.writeString(folder.resolve("password"), password).toString()));
        StringWriter printed = new StringWriter();
        int code = new OperatorCommandLine(
                        () -> List.of(new IndexConcern("command-line", WorkObserver.NONE)),
                        Clock.systemUTC(),
                        new CommandLine(CommandSpec.create().name("run").mixinStandardHelpOptions(true)))
                .execute(
                        new PrintWriter(printed, true),
                        new PrintWriter(printed, true),
                        arguments.toArray(String[]::new));
        return new Answer(code, printed.toString());
    }

    private Answer helm(Call call, KubernetesClient client, MakeCommand make) throws IOException, SQLException {
        String verb = call.arguments().get(0);
        String release = call.arguments().get(1);
        if (verb.equals("install")) {
            assertThat(ROOT.resolve(call.arguments().get(2)).resolve("Chart.yaml"))
                    .isRegularFile();
        }
        switch (verb + " " + release) {
            case "install headroom-operator" -> startOperator(client);
            case "install shop" -> installShop(client, make.postgresPort());
            case "uninstall headroom-operator" -> stopOperator();
            case "uninstall shop" -> {}
            default -> {
                return new Answer(1, "helm " + call.arguments() + " is not played\n");
            }
        }
        return Answer.done("NAME: " + release + "\n");
    }

    private void startOperator(KubernetesClient client) throws IOException {
        client.resource(Serialization.unmarshal(
                        Files.readString(ROOT.resolve("crds/dbperformances.headroom.dev.yaml")),
                        CustomResourceDefinition.class))
                .createOr(NonDeletingOperation::update);
        operator = TestCluster.operator(client, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), false, () -> {});
    }

    private void stopOperator() {
        RunningOperator running = operator;
        operator = null;
        if (running != null) {
            running.close();
        }
    }

    /** With the keys that the chart's Secret has, and on a database as new. */
    private static void installShop(KubernetesClient client, int port) throws IOException, SQLException {
        Map<String, String> values = Map.of(
                "username", "postgres",
                "password", "postgres",
                "host", "127.0.0.1",
                "port", String.valueOf(port),
                "dbname", "headroom");
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName("shop-dev")
                .withNamespace(client.getNamespace())
                .endMetadata();
        secretOfChart().fieldNames().forEachRemaining(key -> {
            byte[] value = values.get(key).getBytes(StandardCharsets.UTF_8);
            secret.addToData(key, Base64.getEncoder().encodeToString(value));
        });
        client.resource(secret.build()).create();
        dropBuiltIndexes(port);
    }

    private static JsonNode secretOfChart() throws IOException {
        String rendered = Files.readString(ROOT.resolve("charts/src/test/golden/headroom-service/dev.yaml"));
        for (String document : rendered.split("(?m)^---$", -1)) {
            JsonNode object = Serialization.unmarshal(document, JsonNode.class);
            if (object != null
                    && object.path("kind").asText().equals("Secret")
                    && object.at("/metadata/name").asText().endsWith("-dev")) {
                return object.path("stringData");
            }
        }
        throw new AssertionError("the chart has no Secret with dev.enabled");
    }

    private static void dropBuiltIndexes(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/headroom", "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            List<String> drops = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery("SELECT format('DROP INDEX %s', objoid::regclass) FROM pg_description"
                            + " WHERE classoid = 'pg_class'::regclass AND description LIKE 'headroom.dev/v1 %'")) {
                while (rows.next()) {
                    drops.add(rows.getString(1));
                }
            }
            for (String drop : drops) {
                statement.execute(drop);
            }
        }
    }
}

package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.index.Sqls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorCommandLineTest {

    @TempDir
    private Path folder;

    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop(folder);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    @Test
    void planPrintsTheSqlAndChangesNothing_applyDoesIt_thenThereIsNothingToDo() {
        assertThat(shop.run("plan")).isEqualTo(OperatorCommandLine.SOMETHING_TO_DO);
        assertThat(shop.out.toString()).contains("CREATE INDEX CONCURRENTLY").contains("ix_tasks_status");
        assertThat(shop.run("plan")).as("the plan changed nothing").isEqualTo(OperatorCommandLine.SOMETHING_TO_DO);

        assertThat(shop.run("apply")).as(shop.out + "\n" + shop.err).isEqualTo(OperatorCommandLine.OK);
        assertThat(shop.out.toString()).contains("ix_tasks_status").contains("IndexesValid");

        assertThat(shop.run("plan")).isEqualTo(OperatorCommandLine.OK);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsAnErrorWithItsReason() {
        assertThat(shop.run("plan", "--port", "1")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.out.toString())
                .as("the address that was tried, not the one in the file")
                .contains(shop.database.host() + ":1/", "DatabaseUnreachable", "refused")
                .doesNotContain("Exception");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertThat(shop.run("plan", "--host", "no-such-host.invalid")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.out.toString()).contains("DatabaseUnreachable", "UnknownHostException: no-such-host.invalid");
    }

    @Test
    void aWrongPasswordEndsApplyAtOnce() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        assertThat(shop.run("apply", "--password-file", wrong.toString())).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.out.toString()).contains("AuthenticationFailed");
    }

    @Test
    void noPasswordWhereOneIsAskedForIsAFailureOfAuthentication() throws Exception {
        Path none = Files.writeString(folder.resolve("none"), "");
        assertThat(shop.run("plan", "--password-file", none.toString())).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.out.toString())
                .contains("AuthenticationFailed", "password")
                .doesNotContain("host and port");
    }

    @Test
    void aPlanThatCannotBeCarriedOutIsNoSuccess_andSaysWhyOfEveryIndex() throws Exception {
        shop.replace("[status]", "[statuss]");
        assertThat(shop.run("plan")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.out.toString()).contains("-- ix_tasks_status  refused", "\"statuss\" does not exist");

        shop.replace("table: tasks", "table: task");
        assertThat(shop.run("plan")).as("waits for a table").isEqualTo(OperatorCommandLine.SOMETHING_TO_DO);
        assertThat(shop.out.toString()).contains("-- ix_tasks_status  table missing");
    }

    @Test
    void aMissingFileAndAWrongOptionAreErrorsInOneLine() {
        assertThat(shop.runBare("plan", "-f", "no-such.yaml")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.err.toString()).startsWith("error: cannot read no-such.yaml: there is no such file");
        assertThat(shop.runBare("plan")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.err.toString()).contains("--file");
    }

    @Test
    void aSummaryIsTheFirstLine_findingsComeAfterTheSql() throws Exception {
        Sqls.run(shop.database, "CREATE TABLE notes (id int PRIMARY KEY, task int REFERENCES tasks)");

        shop.run("plan");

        assertThat(shop.out.toString())
                .startsWith(
                        "-- shop on " + shop.database.host() + ":" + shop.database.port() + "/" + shop.database.name()
                                + ": 1 index to build, 1 finding\n--\n-- ix_tasks_status  pending\nCREATE INDEX CONCURRENTLY ")
                .containsPattern("COMMIT;\n--\n-- Findings, which apply leaves as they are:\n"
                        + "-- Info ForeignKeyWithoutIndex public.notes notes_task_fkey: .*\n--   CREATE INDEX ");
    }

    @Test
    void planAsJsonIsOneDocumentWithSummaryStepsAndFindings() throws Exception {
        Sqls.run(shop.database, "CREATE TABLE notes (id int PRIMARY KEY, task int REFERENCES tasks)");

        assertThat(shop.run("plan", "-o", "json")).isEqualTo(OperatorCommandLine.SOMETHING_TO_DO);

        JsonNode plan = new ObjectMapper().readTree(shop.out.toString());
        assertThat(plan.fieldNames()).toIterable().containsExactly("summary", "resources");
        assertThat(plan.at("/summary/text").asText()).isEqualTo("1 index to build, 1 finding");
        assertThat(plan.at("/summary/toBuild").asInt()).isEqualTo(1);
        JsonNode resource = plan.at("/resources/0");
        assertThat(resource.at("/name").asText()).isEqualTo("shop");
        assertThat(resource.at("/ready").asText()).isEqualTo("False");
        assertThat(resource.at("/reason").asText()).isEqualTo("IndexesPending");
        assertThat(resource.at("/steps/0/index").asText()).isEqualTo("ix_tasks_status");
        assertThat(resource.at("/steps/0/state").asText()).isEqualTo("Pending");
        assertThat(resource.at("/steps/0/sql/0").asText()).startsWith("CREATE INDEX CONCURRENTLY");
        assertThat(resource.at("/findings/0/kind").asText()).isEqualTo("ForeignKeyWithoutIndex");
    }

    @Test
    void applyAsJsonIsOneDocumentAtTheEnd_withTheProgressOnStandardError() throws Exception {
        assertThat(shop.run("apply", "--output", "json"))
                .as(shop.err.toString())
                .isEqualTo(OperatorCommandLine.OK);

        JsonNode end = new ObjectMapper().readTree(shop.out.toString());
        assertThat(end.at("/summary/text").asText()).isEqualTo("nothing to do");
        assertThat(end.at("/resources/0/asDeclared").asInt()).isEqualTo(1);
        assertThat(shop.err.toString()).startsWith("1 index to build\n").contains("ix_tasks_status  valid");
    }

    @Test
    void applyOnAFileThatSaysObserveIsRefused_unlessItIsGivenTheMode() throws Exception {
        shop.replace("mode: Apply", "mode: Observe");

        assertThat(shop.run("apply")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.err.toString())
                .isEqualTo("error: shop is in mode Observe, so nothing was done: set spec.mode to Apply in " + shop.file
                        + ", or give --mode Apply\n");
        assertThat(Sqls.indexes(shop.database)).isEmpty();

        assertThat(shop.run("apply", "--mode", "Apply")).isEqualTo(OperatorCommandLine.OK);
        assertThat(Sqls.indexes(shop.database)).hasSize(1);
    }

    @Test
    void applyEndsWhereOnlyAMissingTableIsInTheWay() throws Exception {
        shop.replace("table: tasks", "table: task");

        assertThat(shop.run("apply")).isEqualTo(OperatorCommandLine.ERROR);

        assertThat(shop.out.toString())
                .contains("ix_tasks_status  table missing  waits for the table task, which does not exist");
        assertThat(shop.err.toString())
                .isEqualTo(
                        "error: the rest waits for a table that does not exist; with --timeout apply waits for it\n");
    }

    @Test
    void applyWithATimeoutWaitsForTheTable() throws Exception {
        shop.replace("table: tasks", "table: task");

        try (var later = Executors.newVirtualThreadPerTaskExecutor()) {
            var code = later.submit(() -> shop.run("apply", "--timeout", "60s"));
            await().until(() -> shop.out.toString().contains("does not exist"));
            Sqls.run(shop.database, "CREATE TABLE task (status text)");
            assertThat(code.get()).isEqualTo(OperatorCommandLine.OK);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "plna -f x # there is no command plna; did you mean plan?",
                "frobnicate # there is no command frobnicate; headroom-operator --help lists them",
                "plan -f x --prot 1 # there is no option --prot; did you mean --port?",
                "plan -f x --xyzzyxyzzy # there is no option --xyzzyxyzzy; headroom-operator plan --help lists them",
                "plan -f x y # plan takes no argument y; options begin with --, headroom-operator plan --help lists them",
                "--log-level=DEBUG # there is no option --log-level=DEBUG; settings belong to run:"
                        + " headroom-operator run --log-level=DEBUG",
                "plan -f x --port 99999 # Invalid value for option '--port': '99999' is no port, which is from 1 to 65535",
                "plan -f x --port x # Invalid value for option '--port': 'x' is no port, which is from 1 to 65535",
                "plan -f x -o yaml # Invalid value for option '--output': expected one of [text, json]"
                        + " (case-sensitive) but was 'yaml'",
                "apply -f x --mode Observe # Invalid value for option '--mode': 'Observe' is not Apply; plan is what"
                        + " only observes",
                "plan # Missing required option: '--file=FILE'",
            })
    void aMistakeIsToldInOneLine(String arguments, String message) {
        assertThat(shop.runBare(arguments.split(" "))).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.err.toString()).isEqualTo("error: " + message + "\n");
        assertThat(shop.out.toString()).isEmpty();
    }

    @Test
    void withoutArgumentsItHelps() {
        assertThat(shop.runBare()).isEqualTo(OperatorCommandLine.OK);
        assertThat(shop.out.toString())
                .startsWith("Usage: headroom-operator")
                .contains("plan", "apply", "run", "completion");
        shop.clear();

        assertThat(shop.runBare("help", "apply")).isEqualTo(OperatorCommandLine.OK);
        assertThat(shop.out.toString())
                .startsWith("Usage: headroom-operator apply")
                .contains("--timeout", "--mode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "plan --version", "apply -V", "run --version"})
    void itSaysItsVersion(String arguments) {
        assertThat(shop.runBare(arguments.split(" "))).isEqualTo(OperatorCommandLine.OK);
        assertThat(shop.out.toString()).startsWith("headroom-operator ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionScriptsKnowCommandsAndOptions(String shell) throws Exception {
        assertThat(shop.runBare("completion", shell)).isEqualTo(OperatorCommandLine.OK);
        assertThat(shop.out.toString()).contains("complete -F _complete_headroom-operator", "plan apply", "--timeout");

        Path script = Files.writeString(folder.resolve("completion"), shop.out.toString());
        assertThat(new ProcessBuilder("bash", "-n", script.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void withoutATerminalThereAreNoColours() {
        shop.run("plan");
        assertThat(shop.out.toString()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "apply"})
    void theDocsHaveTheHelpAsItIs(String command) throws Exception {
        shop.runBare(command, "--help");
        assertThat(Files.readString(Path.of("../docs/command-line.md")))
                .contains(shop.out.toString().strip());
    }

    @Test
    void theDocsNameEveryFieldOfTheJson() throws Exception {
        Sqls.run(shop.database, "CREATE TABLE notes (id int PRIMARY KEY, task int REFERENCES tasks)");
        shop.run("plan", "-o", "json");

        String docs = Files.readString(Path.of("../docs/command-line.md"));
        Set<String> fields = new TreeSet<>();
        new ObjectMapper()
                .readTree(shop.out.toString())
                .findParents("text")
                .forEach(each -> each.fieldNames().forEachRemaining(fields::add));
        new ObjectMapper()
                .readTree(shop.out.toString())
                .findParents("sql")
                .forEach(each -> each.fieldNames().forEachRemaining(fields::add));
        new ObjectMapper()
                .readTree(shop.out.toString())
                .findParents("steps")
                .forEach(each -> each.fieldNames().forEachRemaining(fields::add));
        assertThat(fields)
                .contains("toBuild", "state", "reason")
                .allSatisfy(field -> assertThat(docs).containsPattern("`[^`]*\\b" + field + "\\b[^`]*`"));
    }
}

package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileCommandsTest {

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
        assertThat(shop.run("plan")).isEqualTo(FileCommands.SOMETHING_TO_DO);
        assertThat(shop.out.toString()).contains("CREATE INDEX CONCURRENTLY").contains("ix_tasks_status");
        assertThat(shop.run("plan")).as("the plan changed nothing").isEqualTo(FileCommands.SOMETHING_TO_DO);

        assertThat(shop.run("apply")).as(shop.out + "\n" + shop.err).isEqualTo(FileCommands.OK);
        assertThat(shop.out.toString()).contains("ix_tasks_status").contains("IndexesValid");

        assertThat(shop.run("plan")).isEqualTo(FileCommands.OK);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsAnErrorWithItsReason() {
        assertThat(shop.run("plan", "--port", "1")).isEqualTo(FileCommands.ERROR);
        assertThat(shop.out.toString())
                .as("the address that was tried, not the one in the file")
                .contains(shop.database.host() + ":1/", "DatabaseUnreachable", "refused")
                .doesNotContain("Exception");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertThat(shop.run("plan", "--host", "no-such-host.invalid")).isEqualTo(FileCommands.ERROR);
        assertThat(shop.out.toString()).contains("DatabaseUnreachable", "UnknownHostException: no-such-host.invalid");
    }

    @Test
    void aWrongPasswordEndsApplyAtOnce() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        assertThat(shop.run("apply", "--password-file", wrong.toString())).isEqualTo(FileCommands.ERROR);
        assertThat(shop.out.toString()).contains("AuthenticationFailed");
    }

    @Test
    void noPasswordWhereOneIsAskedForIsAFailureOfAuthentication() throws Exception {
        Path none = Files.writeString(folder.resolve("none"), "");
        assertThat(shop.run("plan", "--password-file", none.toString())).isEqualTo(FileCommands.ERROR);
        assertThat(shop.out.toString())
                .contains("AuthenticationFailed", "password")
                .doesNotContain("host and port");
    }

    @Test
    void aPlanThatCannotBeCarriedOutIsNoSuccess_andSaysWhyOfEveryIndex() throws Exception {
        shop.replace("[status]", "[statuss]");
        assertThat(shop.run("plan")).isEqualTo(FileCommands.ERROR);
        assertThat(shop.out.toString()).contains("-- ix_tasks_status  refused", "\"statuss\" does not exist");

        shop.replace("table: tasks", "table: task");
        assertThat(shop.run("plan")).as("waits for a table").isEqualTo(FileCommands.SOMETHING_TO_DO);
        assertThat(shop.out.toString()).contains("-- ix_tasks_status  blocked");
    }

    @Test
    void aMissingFileAndAWrongOptionAreErrorsInOneLine() {
        assertThat(shop.runBare("plan", "-f", "no-such.yaml")).isEqualTo(FileCommands.ERROR);
        assertThat(shop.err.toString()).startsWith("error: cannot read no-such.yaml: there is no such file");
        assertThat(shop.runBare("plan")).isEqualTo(FileCommands.ERROR);
        assertThat(shop.err.toString()).contains("--file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "plan --version", "apply -V"})
    void itSaysItsVersion(String arguments) {
        var out = new StringWriter();
        var commands = new FileCommands(meters -> List.of(), Clock.systemUTC());
        assertThat(commands.run(new PrintWriter(out), new PrintWriter(out), arguments.split(" ")))
                .isEqualTo(FileCommands.OK);
        assertThat(out.toString()).startsWith("headroom-operator ");
    }
}

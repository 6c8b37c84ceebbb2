package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.index.IndexConcern;
import dev.headroom.operator.index.build.WorkObserver;
import dev.headroom.testkit.TestPostgres;
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

class FileCommandsTest {

    private final TestPostgres.Database database = TestPostgres.database();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void aFileAndATable() throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE tasks (id int PRIMARY KEY, status text)");
        }
        file = folder.resolve("shop.yaml");
        Files.writeString(file, """
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: shop}
                spec:
                  database: {host: %s, port: %d, name: %s, credentialsSecret: {name: db}}
                  indexes: {declared: [{name: ix_tasks_status, table: tasks, columns: [status]}]}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: db}
                stringData: {username: %s, password: "%s"}
                """.formatted(
                        database.host(), database.port(), database.name(), database.user(), database.password()));
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void planPrintsTheSqlAndChangesNothing_applyDoesIt_thenThereIsNothingToDo() {
        assertThat(run("plan", "-f", file.toString())).isEqualTo(FileCommands.SOMETHING_TO_DO);
        assertThat(out.toString()).contains("CREATE INDEX CONCURRENTLY").contains("ix_tasks_status");
        assertThat(run("plan", "-f", file.toString()))
                .as("the plan changed nothing")
                .isEqualTo(FileCommands.SOMETHING_TO_DO);

        assertThat(run("apply", "-f", file.toString())).as(out + "\n" + err).isEqualTo(FileCommands.OK);
        assertThat(out.toString()).contains("ix_tasks_status").contains("IndexesValid");

        assertThat(run("plan", "-f", file.toString())).isEqualTo(FileCommands.OK);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsAnErrorWithItsReason() {
        assertThat(run("plan", "-f", file.toString(), "--port", "1")).isEqualTo(FileCommands.ERROR);
        assertThat(out.toString())
                .as("the address that was tried, not the one in the file")
                .contains(database.host() + ":1/", "DatabaseUnreachable", "refused")
                .doesNotContain("Exception");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertThat(run("plan", "-f", file.toString(), "--host", "no-such-host.invalid"))
                .isEqualTo(FileCommands.ERROR);
        assertThat(out.toString()).contains("DatabaseUnreachable", "UnknownHostException: no-such-host.invalid");
    }

    @Test
    void aWrongPasswordEndsApplyAtOnce() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        assertThat(run("apply", "-f", file.toString(), "--password-file", wrong.toString()))
                .isEqualTo(FileCommands.ERROR);
        assertThat(out.toString()).contains("AuthenticationFailed");
    }

    @Test
    void noPasswordWhereOneIsAskedForIsAFailureOfAuthentication() throws Exception {
        Path none = Files.writeString(folder.resolve("none"), "");
        assertThat(run("plan", "-f", file.toString(), "--password-file", none.toString()))
                .isEqualTo(FileCommands.ERROR);
        assertThat(out.toString()).contains("AuthenticationFailed", "password").doesNotContain("host and port");
    }

    @Test
    void aPlanThatCannotBeCarriedOutIsNoSuccess_andSaysWhyOfEveryIndex() throws Exception {
        Files.writeString(file, Files.readString(file).replace("[status]", "[statuss]"));
        assertThat(run("plan", "-f", file.toString())).isEqualTo(FileCommands.ERROR);
        assertThat(out.toString()).contains("-- ix_tasks_status  refused", "\"statuss\" does not exist");

        Files.writeString(file, Files.readString(file).replace("table: tasks", "table: task"));
        assertThat(run("plan", "-f", file.toString())).as("waits for a table").isEqualTo(FileCommands.SOMETHING_TO_DO);
        assertThat(out.toString()).contains("-- ix_tasks_status  blocked");
    }

    @Test
    void aMissingFileAndAWrongOptionAreErrorsInOneLine() {
        assertThat(run("plan", "-f", "no-such.yaml")).isEqualTo(FileCommands.ERROR);
        assertThat(err.toString()).startsWith("error: cannot read no-such.yaml: there is no such file");
        assertThat(run("plan")).isEqualTo(FileCommands.ERROR);
        assertThat(err.toString()).contains("--file");
    }

    private int run(String... arguments) {
        return new FileCommands(meters -> List.of(new IndexConcern(WorkObserver.NONE)), Clock.systemUTC())
                .run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}

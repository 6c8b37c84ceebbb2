package dev.headroom.testkit.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.testkit.tutorial.Tutorial.Step;
import dev.headroom.testkit.tutorial.TutorialShell.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TutorialTest {

    @TempDir
    private Path folder;

    @Test
    void aStepIsABlockOfCommandsWithWhatFollows() {
        Tutorial tutorial = Tutorial.parse("first.md", """
                # First
                ```sh
                echo one
                ```
                It prints
                ```text
                one
                ```
                ```yaml
                not: compared
                ```
                ```sh
                exit 2
                ```
                The exit code
                is 2.
                """);

        assertThat(tutorial.steps())
                .containsExactly(
                        new Step("first.md:3", "echo one\n", 0, "one\n"), new Step("first.md:13", "exit 2\n", 2, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            one                             | one                                   | true
            one                             | two                                   | false
            one                             | one;more                              | false
            one;two                         | one                                   | false
            one;…                           | one;more;and more                     | true
            …;last                          | first;second;last                     | true
            …;last                          | last                                  | true
            …;last                          | last;more                             | false
            on … of two                     | on the first of two                   | true
            hit; ttl=299                    | hit; ttl=7                            | true
            "request_id":"0123456789abcdef0123456789abcdef" | "request_id":"fedcba9876543210fedcba9876543210" | true
            ix  valid  88 kB                | ix  valid  1.1 MB                     | true
            ix  valid  88 kB                | ix  valid  88 rows                    | false
            True   5s                       | True   12s                            | true
            2026-12-01T10:35:19.199+0000 up | 2027-01-02T00:00:00.000+0200 up       | true
            """)
    void outputMayDifferInWhatTheRulesSay(String expected, String printed, boolean same) {
        assertThat(ExpectedOutput.matches(expected.replace(';', '\n'), printed.replace(';', '\n')))
                .isEqualTo(same);
    }

    @Test
    void theShellKeepsVariablesAsksTheTestAndGivesPortsBack() throws Exception {
        try (TutorialShell shell = TutorialShell.in(folder)) {
            shell.port(8080, 23_456)
                    .command(
                            "say",
                            call -> Answer.done(call.arguments() + " " + call.input() + " "
                                    + call.environment().get("WORD") + "\n"));

            shell.play(Tutorial.parse("first.md", """
                    ```sh
                    export WORD=hello
                    ```
                    ```sh
                    echo piped | say 'two words' "" http://localhost:8080/
                    ```
                    ```text
                    [two words, , http://localhost:8080/] piped
                     hello
                    ```
                    """));
        }
    }

    @Test
    void aStepThatOnlyAsksIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (TutorialShell shell = TutorialShell.in(folder)) {
            shell.command("curl", call -> Answer.done(asked.incrementAndGet() + "\n"));

            shell.play(Tutorial.parse("first.md", "```sh\ncurl -s localhost:8080/\n```\n```text\n3\n```"));
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void aStepThatDoesSomethingElseFailsWithItsPlace() throws IOException {
        try (TutorialShell shell = TutorialShell.in(folder)) {
            assertThatThrownBy(() -> shell.play(Tutorial.parse("first.md", "```sh\necho two\n```\n```text\none\n```")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("first.md:2", "echo two", "does not print\none", "but prints\ntwo");
            assertThatThrownBy(() -> shell.play(Tutorial.parse("first.md", "```sh\nfalse\necho on\n```")))
                    .hasMessageContaining("ends with exit code 1, not 0");
        }
    }
}

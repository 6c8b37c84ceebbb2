package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.tutorial.MakeCommand;
import dev.headroom.testkit.tutorial.PsqlCommand;
import dev.headroom.testkit.tutorial.Tutorial;
import dev.headroom.testkit.tutorial.TutorialShell;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/tutorial-first-catalog.md does what it says. All of it is played: the shell, curl, make and what make starts are real; only psql
 * is not, which CI need not have.
 */
class FirstCatalogIT {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path folder;

    @Test
    void everyStepDoesWhatTheTutorialSays() throws Exception {
        Tutorial tutorial = Tutorial.read(ROOT.resolve("docs/tutorial-first-catalog.md"));
        assertThat(tutorial.steps()).hasSizeGreaterThan(8);

        try (TutorialShell shell = TutorialShell.in(folder)) {
            MakeCommand.addTo(shell, ROOT);
            shell.command("psql", new PsqlCommand()).play(tutorial);

            assertThat(shell.folder().resolve("my-catalogs")).doesNotExist();
        }
    }
}

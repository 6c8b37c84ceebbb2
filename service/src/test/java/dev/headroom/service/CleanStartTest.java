package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start at the settings' own values writes to the log when all is well. */
class CleanStartTest {
    @TempDir
    Path folder;

    @Test
    void aCleanStartWarnsOfNothing() throws IOException, InterruptedException {
        try (TestPostgres.Database database = TestPostgres.database();
                ServiceProcess service = ServiceProcess.start(
                                folder,
                                database,
                                "--server.port=0",
                                "--admin.port=0",
                                "--profile.slow-statement-error=1m", // the machine may be busy
                                "--profile.slow-statement-warn=1m")
                        .awaitServing()) {
            service.stop();

            assertThat(service.awaitExit()).isZero();
            assertThat(service.lines()).isNotEmpty().allMatch(line -> line.matches("\\S+ INFO  dev\\.headroom\\..*"));
        }
    }
}

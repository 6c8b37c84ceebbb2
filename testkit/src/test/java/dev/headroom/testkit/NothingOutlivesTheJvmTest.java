package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NothingOutlivesTheJvmTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Starts one of everything, one of them frozen, and waits for its end. */
    static final class Program {
        public static void main(String[] args) throws IOException {
            TestPostgres.database();
            EmbeddedPostgres.temporary(PostgresOptions.defaults()).suspend();
            EmbeddedRedis.onFreePort(RedisOptions.defaults());
            System.out.println("ready");
            System.in.read();
        }
    }

    @Test
    void killMinus9OfTheJvmAndItsProcessGroupEndsItsServersAndRemovesTheirFiles(@TempDir Path temporary)
            throws Exception {
        try (ChildJvm jvm = ChildJvm.run(temporary, Program.class)) {
            assertThat(jvm.readUntil("ready")).contains("ready");
            List<ProcessHandle> servers = jvm.descendants();
            assertThat(servers).hasSizeGreaterThan(10).allMatch(ChildJvm::runs);
            assertThat(temporary).isNotEmptyDirectory();

            jvm.signal("KILL");

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(servers).noneMatch(ChildJvm::runs);
                assertThat(temporary).isEmptyDirectory();
            });
        }
    }
}

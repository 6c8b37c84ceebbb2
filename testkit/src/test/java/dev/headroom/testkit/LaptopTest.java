package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaptopTest {

    private static final int SIGTERM = 143;

    private final int postgresPort = FreePort.any();
    private final int redisPort = FreePort.any();

    @TempDir
    private Path folder;

    /** Counts its runs in the database, and looks at its end whether that is still there. */
    static final class Program {
        public static void main(String[] args) throws Exception {
            String url = Arrays.stream(args)
                    .filter(arg -> arg.startsWith("--database.url="))
                    .findFirst()
                    .orElseThrow()
                    .substring("--database.url=".length());
            try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres")) {
                TestPostgresTest.execute(connection, "CREATE TABLE IF NOT EXISTS runs (at timestamptz)");
                TestPostgresTest.execute(connection, "INSERT INTO runs VALUES (now())");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> lookOnceMore(url)));
                System.gc(); // what is held for the life of the program must not hang on a local variable
                System.out.println("arguments " + List.of(args));
                System.out.println("run " + TestPostgresTest.text(connection, "SELECT count(*) FROM runs"));
            }
            System.in.read();
        }

        private static void lookOnceMore(String url) {
            try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres")) {
                System.out.println(
                        "at the end there is still " + TestPostgresTest.text(connection, "SHOW server_version"));
            } catch (SQLException e) {
                System.out.println("at the end: " + e.getMessage());
            }
        }
    }

    @AfterEach
    void nothingListensAnyMore() {
        await().untilAsserted(() -> {
            assertThat(FreePort.isFree(postgresPort)).isTrue();
            assertThat(FreePort.isFree(redisPort)).isTrue();
        });
    }

    @Test
    void theProgramFindsItsServersEndsBeforeThemAndFindsItsDataAgain() throws Exception {
        try (ChildJvm first = start("--server.port=0", "--redis.url=redis://elsewhere:1")) {
            assertThat(first.readUntil("run 1"))
                    .contains("--server.port=0", "--database.user=postgres", "redis://elsewhere:1", "run 1")
                    .doesNotContain("--run.");
            first.signal("TERM");
            assertThat(first.readAll()).contains("at the end there is still 18");
            assertThat(first.exitCode()).isEqualTo(SIGTERM);
        }
        try (ChildJvm second = start()) {
            assertThat(second.readUntil("run 2")).contains("run 2", "--redis.url=redis://127.0.0.1:" + redisPort);
        }
    }

    @Test
    void theProgramListensOnThisMachineOnlyUnlessTold() throws Exception {
        try (ChildJvm run = start()) {
            assertThat(run.readUntil("run 1")).contains("--server.host=127.0.0.1", "No other machine can reach them");
        }
        try (ChildJvm open = start("--server.host=0.0.0.0")) {
            assertThat(open.readUntil("run 2"))
                    .contains("--server.host=0.0.0.0")
                    .doesNotContain("--server.host=127");
        }
    }

    @Test
    void aRunAfterKillMinus9FindsWhatWasCommitted() throws Exception {
        try (ChildJvm first = start()) {
            first.readUntil("run 1");
            first.signal("KILL");
        }
        try (ChildJvm second = start()) {
            assertThat(second.readUntil("run 2")).contains("run 2");
        }
    }

    @Test
    void aServerThatLostItsLeashIsEndedByTheNextRun() throws Exception {
        try (ChildJvm first = start()) {
            first.readUntil("run 1");
            List<ProcessHandle> all = first.descendants();
            // Who watches for the end of the JVM goes first: it is quick enough to stop the server before it is killed.
            watchers(all).forEach(ProcessHandle::destroyForcibly);
            shells(all).forEach(ProcessHandle::destroyForcibly);
            first.signal("KILL");
            all.stream().filter(LaptopTest::isRedis).forEach(ProcessHandle::destroyForcibly);
        }
        try (ChildJvm second = start()) {
            assertThat(second.readUntil("run 2")).contains("ending the PostgreSQL that an earlier run left", "run 2");
        }
    }

    @Test
    void aTakenPortIsNamedWithTheOptionThatChoosesAnother() throws Exception {
        try (ServerSocket taken = new ServerSocket(redisPort, 1, InetAddress.ofLiteral("127.0.0.1"));
                ChildJvm run = start()) {
            assertThat(run.readAll())
                    .contains("port " + redisPort + ", where Redis is to listen, is taken")
                    .contains("--run.redis-port=" + (redisPort + 1))
                    .doesNotContain("run 1");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(taken.isBound()).isTrue();
        }
    }

    @Test
    void twoRunsDoNotShareAFolder() throws Exception {
        try (ChildJvm first = start()) {
            first.readUntil("run 1");
            try (ChildJvm second = start()) {
                assertThat(second.readAll()).contains("another run uses " + folder);
                assertThat(second.exitCode()).isEqualTo(1);
            }
        }
    }

    private static Stream<ProcessHandle> shells(List<ProcessHandle> all) {
        return all.stream().filter(p -> p.info().command().orElse("").matches(".*/(ba|da|)sh"));
    }

    /** Each leash is a shell with another one in it that reads until the JVM is gone. */
    private static Stream<ProcessHandle> watchers(List<ProcessHandle> all) {
        return shells(all)
                .filter(shell ->
                        shell.parent().stream().anyMatch(p -> shells(all).anyMatch(p::equals)));
    }

    private static boolean isRedis(ProcessHandle process) {
        return process.info().command().orElse("").contains("redis-server");
    }

    private ChildJvm start(String... arguments) throws IOException {
        return ChildJvm.run(
                folder,
                Laptop.class,
                Stream.concat(
                                Stream.of(
                                        Program.class.getName(),
                                        "--run.folder=" + folder,
                                        "--run.postgres-port=" + postgresPort,
                                        "--run.redis-port=" + redisPort),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }
}

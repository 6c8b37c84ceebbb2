package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: exit codes, and what it says on the way. */
class ProcessTest {
    @TempDir
    Path folder;

    @Test
    void toldToStopItEndsWithZeroAndSaysSo() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database()) {
            Process process = start(database, "--server.port=0", "--admin.port=0");
            await().atMost(Duration.ofSeconds(60)).until(() -> said().contains("serving"));
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(said()).contains("stopped; every request was finished");
        }
    }

    /** The modules of the images' Java runtime; the desktop is a third of a JDK. */
    @Test
    void settingsAreReadWithoutTheDesktopModule() throws Exception {
        Path settings = Files.writeString(folder.resolve("settings.yaml"), "server: {prot: 1}\n");
        Path written = folder.resolve("without-desktop.log");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules=java.logging,java.management,java.naming,java.sql,jdk.management,jdk.unsupported",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServiceMain.class.getName(),
                        "--database.url=jdbc:postgresql://localhost/app",
                        "--config=" + settings)
                .redirectErrorStream(true)
                .redirectOutput(written.toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(written))
                .contains("did you mean server.port?")
                .doesNotContain("java.beans");
    }

    @Test
    void aPortThatIsTakenEndsItWithOneAndNamesTheSetting() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start(
                    database, "--server.host=127.0.0.1", "--server.port=" + taken.getLocalPort(), "--admin.port=0");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(said())
                    .contains("server.port " + taken.getLocalPort() + " on 127.0.0.1 cannot be used")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aDatabaseThatDiesIsToldInOurWordsWithoutStacksAndWithoutAdviceOnLifetimes() throws Exception {
        try (PostgresServer server = TestPostgres.server()) {
            Process process = start(
                    server.jdbcUrl("postgres"),
                    server.user(),
                    server.password(),
                    "--server.port=0",
                    "--admin.port=0",
                    "--cache.enabled=false",
                    "--catalogs.enabled=statehub",
                    "--database.pool.minimum-idle=4",
                    "--database.pool.acquire-timeout=1s");
            await().atMost(Duration.ofSeconds(60)).until(() -> said().contains("serving"));
            server.kill();
            Matcher api = Pattern.compile("API at (http://localhost:\\d+/)").matcher(said());
            assertThat(api.find()).isTrue();
            HttpRequest topics =
                    HttpRequest.newBuilder(URI.create(api.group(1) + "topics/")).build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                await().until(() -> {
                    client.send(topics, HttpResponse.BodyHandlers.discarding());
                    return said().contains("primary database: nothing answers at database.url");
                });
            }
            assertThat(said()).doesNotContain("com.zaxxer", "\tat ");
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatNobodyThoughtOfEndsItWithOneInsteadOfLeavingItStartingForEver() throws Exception {
        Path schema = Files.createDirectories(folder.resolve("mine").resolve("schema"));
        Files.writeString(
                folder.resolve("mine").resolve("catalog.yaml"),
                "name: mine\nendpoints:\n  /things/:\n    answer: list\n    sql: things.sql\n");
        Files.writeString(folder.resolve("mine").resolve("things.sql"), "select name from {things}\n");
        Files.write(schema.resolve("V1__things.sql"), new byte[] {'-', '-', (byte) 0xE9}); // in Latin-1
        try (TestPostgres.Database database = TestPostgres.database()) {
            Process process = start(
                    database,
                    "--server.port=0",
                    "--admin.port=0",
                    "--catalogs.enabled=",
                    "--catalogs.folders=" + folder.resolve("mine"));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(said()).contains("cannot read", "schema", "MalformedInputException");
        }
    }

    @Test
    void checkingCatalogsTellsMistakesWithTheirPlaceAndEndsWithOne() throws Exception {
        Path catalog = Files.createDirectory(folder.resolve("mine"));
        Files.writeString(
                catalog.resolve("catalog.yaml"),
                "name: mine\nschema: mine\nendpoints:\n  /things/:\n    answer: list\n    sql: things.sql\n");
        Files.writeString(catalog.resolve("things.sql"), "select nothing from nowhere\n");
        try (TestPostgres.Database database = TestPostgres.database()) {
            Process process = start(database, "--check-catalogs", "--catalogs.folders=" + catalog);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(said()).contains("things.sql:1", "nowhere");
        }
    }

    @Test
    void fillingTablesIsOneCommandAndASeedGivesTheSameRowsEachTime() throws Exception {
        assertThat(filled("7")).isEqualTo(filled("7")).isNotEqualTo(filled("8"));
    }

    /** The rows that the command makes with this seed. */
    private String filled(String seed) throws Exception {
        try (TestPostgres.Database database = TestPostgres.database()) {
            Process process = start(
                    database,
                    "--sample-scale=0.001",
                    "--catalogs.sample-seed=" + seed,
                    "--catalogs.enabled=statehub,plots,agents");
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(said()).contains("catalog statehub: ", "catalog plots: ", "catalog agents: ", " sample rows in");
            assertThat(LittleCatalog.number(database, "select count(*) from statehub.tasks"))
                    .isEqualTo(1000);
            return LittleCatalog.text(database, "select string_agg(t::text, ',' order by id) from statehub.tasks t")
                    + LittleCatalog.text(database, "select string_agg(i::text, ',' order by id) from plots.impls i")
                    + LittleCatalog.text(
                            database, "select string_agg(m::text, ',' order by id) from agents.messages m");
        }
    }

    private Process start(TestPostgres.Database database, String... arguments) throws IOException {
        return start(database.jdbcUrl(), database.user(), database.password(), arguments);
    }

    private Process start(String url, String user, String password, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServiceMain.class.getName(),
                "--database.url=" + url,
                "--database.user=" + user,
                "--database.password=" + password));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }
}

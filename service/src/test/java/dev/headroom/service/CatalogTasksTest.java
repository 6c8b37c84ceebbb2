package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --check-catalogs} beside catalogs that have mistakes: what it tells is true. */
class CatalogTasksTest {
    @TempDir
    Path folder;

    @Test
    void aMistakeInOneCatalogKeepsNoOthersTablesAway() throws Exception {
        catalog("broken", "titel: Broken", "select id from {orders}");
        catalog("whole", "title: Whole", "select id, nothing\nfrom {orders}");

        assertThat(check())
                .contains("broken/catalog.yaml:2: unknown key 'titel' (did you mean title?)")
                .contains(
                        "broken/catalog.yaml:1: its statements are not checked yet: its tables are made once the catalog has"
                                + " no mistakes (mend the others, and check again)")
                .contains("whole/orders.sql:1: the database refuses the statement: column \"nothing\" does not exist")
                .contains("catalogs: 3 mistakes")
                .doesNotContain("relation");
    }

    @Test
    void aBrokenCatalogWhoseTablesAreThereIsCheckedToTheEnd() throws Exception {
        catalog("broken", "title: Broken", "select id from {orders}");
        try (TestPostgres.Database database = TestPostgres.database()) {
            assertThat(check(database)).contains("no mistakes");
            catalog("broken", "titel: Broken", "select nothing from {orders}");

            assertThat(check(database))
                    .contains("unknown key 'titel'")
                    .contains("column \"nothing\" does not exist")
                    .contains("catalogs: 2 mistakes");
        }
    }

    @Test
    void theChecksOwnStatementsAreNoSlowOnes() throws Exception {
        catalog("whole", "title: Whole", "select id from {order}");
        try (TestPostgres.Database database = TestPostgres.database();
                LoggedLines log = LoggedLines.of(CatalogTasks.class.getPackage())) {
            assertThat(check(database, "--profile.slow-statement-warn=0ms", "--profile.slow-statement-error=1h"))
                    .contains("does not exist");

            assertThat(log.lines()).noneMatch(line -> line.contains("slow statement"));
        }
    }

    @Test
    void aSecondStartSaysOnceThatRowsAreKept() {
        try (TestPostgres.Database database = TestPostgres.database()) {
            RunningService.on(database, "--catalogs.sample-scale=0.001").close();
            try (LoggedLines log = LoggedLines.of(CatalogTasks.class.getPackage())) {
                RunningService.on(database, "--catalogs.sample-scale=0.001").close();

                assertThat(log.lines())
                        .filteredOn(line -> line.contains("sample"))
                        .singleElement()
                        .asString()
                        .startsWith("INFO the tables of ")
                        .contains("hold rows already", "statehub");
            }
        }
    }

    private void catalog(String name, String line, String sql) throws Exception {
        Path catalog =
                Files.createDirectories(folder.resolve(name).resolve("schema")).getParent();
        Files.writeString(
                catalog.resolve("catalog.yaml"),
                "name: %1$s\n%2$s\nendpoints:\n  /%1$s:\n    answer: list\n    sql: orders.sql\n"
                        .formatted(name, line));
        Files.writeString(catalog.resolve("orders.sql"), sql);
        Files.writeString(catalog.resolve("schema/V1__orders.sql"), "create table orders (id int primary key);\n");
    }

    private String check() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database()) {
            return check(database);
        }
    }

    private String check(TestPostgres.Database database, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--database.url=" + database.jdbcUrl(),
                "--database.user=" + database.user(),
                "--database.password=" + database.password(),
                "--catalogs.enabled=",
                "--catalogs.folders=" + folder));
        arguments.addAll(List.of(more));
        var settings = SettingsLoader.load(CommandLine.parse(arguments.toArray(String[]::new), Map.of()), Map.of())
                .settings()
                .orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            new CatalogTasks(settings, print).check();
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}

package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/contract/metrics.txt is what the operator is built against: what we answer has its names, types and labels. */
class MetricsContractTest {
    private static final Path SAMPLE = Path.of("../docs/contract/metrics.txt");
    private static final Pattern LINE = Pattern.compile("([a-z_:]+)(?:\\{(.*)})? (-?[0-9.eE+-]+|NaN|\\+Inf)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Test
    void aLiveScrapeHasTheFamiliesAndLabelsOfTheSample(@TempDir Path mount) throws IOException {
        Path size = Files.writeString(mount.resolve("pool"), "generation=7\nmaximum-pool-size=8\nminimum-idle=1\n");
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database, "--catalogs.enabled=statehub,plots", "--database.pool.size-file=" + size)) {
            service.get("/topics/");
            service.get("/nope");
            service.get("/tasks/?status=%27");
            service.service().database().metrics();
            String live = service.admin("/metrics").body();
            assertThat(shapes(live)).containsExactlyInAnyOrderElementsOf(shapes(Files.readString(SAMPLE)));
        }
    }

    @Test
    void theRouteIsTheTemplateWhateverThePathIs() {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database)) {
            service.get("/tasks/00000000-0000-0000-0000-000000000001");
            service.get("/tasks/00000000-0000-0000-0000-000000000002/");
            service.get("/made/up/1");
            service.get("/made/up/2");
            String metrics = service.admin("/metrics").body();
            assertThat(metrics)
                    .contains("_count{route=\"/tasks/{id}\",method=\"GET\",status=\"404\"} 2")
                    .contains("_count{route=\"none\",method=\"GET\",status=\"404\"} 2")
                    .doesNotContain("00000000-0000", "made");
        }
    }

    /** The families of the contract are summed over pods: another pool's gauges under their names would be added too. */
    @Test
    void theReplicasPoolHasGaugesOfItsOwn() {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database,
                        "--database.replica.url=" + database.jdbcUrl(),
                        "--database.pool.maximum-pool-size=7")) {
            assertThat(service.admin("/metrics").body())
                    .contains("\ndb_client_connections_max 7\n", "\ndb_client_replica_connections_max 7\n")
                    .contains("\ndb_client_replica_connections_active 0\n", "\ndb_client_replica_connections_idle ")
                    .contains("\ndb_client_replica_connections_pending 0\n", "\ndb_client_replica_in_use ");
        }
    }

    /** Each family as "type name{label names}", failures of statements left out: they come and go. */
    private static Set<String> shapes(String exposition) {
        TreeSet<String> shapes = new TreeSet<>();
        String type = "";
        for (String line : exposition.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                type = line.substring("# TYPE ".length());
                shapes.add(type);
            } else if (!line.startsWith("#")) {
                Matcher parsed = LINE.matcher(line);
                assertThat(parsed.matches()).as(line).isTrue();
                assertThat(parsed.group(1)).startsWith(type.substring(0, type.indexOf(' ')));
                if (!parsed.group(1).equals("db_client_operation_failures_total")) {
                    shapes.add(parsed.group(1) + labels(parsed.group(2)));
                }
            }
        }
        return shapes;
    }

    private static List<String> labels(String labels) {
        return labels == null
                ? List.of()
                : LABEL.matcher(labels).results().map(found -> found.group(1)).toList();
    }
}

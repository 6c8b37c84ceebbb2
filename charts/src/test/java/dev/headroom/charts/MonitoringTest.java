package dev.headroom.charts;

import static dev.headroom.charts.Rendered.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headroom.testkit.Skipped;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Alerts and dashboards ask for metrics that the programs have, in PromQL that Prometheus understands. */
class MonitoringTest {

    private static final Set<String> OF_PROMETHEUS = Set.of("up");
    private static final Set<String> WORDS = Set.of("by", "without", "or", "and", "unless", "bool");
    /** As the values of the example `everything` have it. */
    private static final String DOCS = "https://git.example/headroom/blob/main/docs/";

    private static final Pattern NOT_A_NAME =
            Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\b(by|without) \\([^)]*\\)|\"[^\"]*\"");
    private static final Pattern NAME = Pattern.compile("\\b([a-z_][a-z0-9_]*)\\b(?! *\\()");
    private static final Pattern BUILDER = Pattern.compile("(Counter|Gauge|Timer)\\.builder\\(\\s*\"([a-z.]+)\"");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE ([a-z_]+) (\\w+)$");

    @ParameterizedTest
    @EnumSource
    void everyMetricIsExportedByTheProgram(Chart chart) throws IOException {
        Set<String> exported = exported(chart);
        List<String> asked = queries(chart).stream()
                .flatMap(MonitoringTest::metrics)
                .distinct()
                .toList();

        assertThat(asked).hasSizeGreaterThan(8);
        assertThat(asked).isSubsetOf(exported);
    }

    @ParameterizedTest
    @EnumSource
    void prometheusUnderstandsEveryQuery(Chart chart, @TempDir Path folder) throws Exception {
        ObjectNode alerts = (ObjectNode)
                chart.example("everything").render().one("PrometheusRule").path("spec");
        ArrayNode rules = ((ArrayNode) alerts.path("groups"))
                .addObject()
                .put("name", "dashboard")
                .putArray("rules");
        for (JsonNode query : dashboardQueries(chart)) {
            rules.addObject()
                    .put("record", "dashboard:query" + rules.size())
                    .put("expr", query.asText().replace("$__rate_interval", "5m"));
        }
        Path file = Files.writeString(folder.resolve("rules.yaml"), alerts.toString());

        Process check = new ProcessBuilder(promtool(), "check", "rules", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(check.waitFor()).as(output).isZero();
        assertThat(output).contains("SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void everyAlertSaysWhatIsWrongAndWhatToDo(Chart chart) {
        JsonNode rules =
                chart.example("everything").render().one("PrometheusRule").at("/spec/groups/0/rules");

        assertThat(items(rules))
                .allMatch(rule -> rule.path("alert").asText().startsWith("Headroom")
                        && rule.at("/annotations/summary").asText().endsWith(".")
                        && !rule.at("/annotations/description").asText().isEmpty()
                        && List.of("warning", "critical")
                                .contains(rule.at("/labels/severity").asText()));
        assertThat(items(rules).map(rule -> rule.path("expr").asText()))
                .noneMatch(query -> query.contains("RELEASE") || query.contains("OBJECTIVE"));
    }

    @ParameterizedTest
    @EnumSource
    void everyAlertLinksToAPageOfTheDocs(Chart chart) throws IOException {
        List<JsonNode> rules = items(chart.example("everything")
                        .render()
                        .one("PrometheusRule")
                        .at("/spec/groups/0/rules"))
                .toList();

        assertThat(rules).hasSizeGreaterThan(6);
        for (JsonNode rule : rules) {
            String url = rule.at("/annotations/runbook_url").asText();
            assertThat(url).as(rule.toString()).startsWith(DOCS);
            String[] page = url.substring(DOCS.length()).split("#", 2);
            Path file = Path.of("../docs", page[0]);
            assertThat(file).as(rule.toString()).isRegularFile();
            if (page.length == 2) {
                assertThat(anchors(file)).contains(page[1]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void alertsNameTheFileWhereTheDocsArePublishedNowhere(Chart chart) {
        List<JsonNode> rules = items(
                        chart.render(chart.example("minimal").values(), "monitoring.prometheusRule.enabled=true")
                                .one("PrometheusRule")
                                .at("/spec/groups/0/rules"))
                .toList();

        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.at("/annotations/runbook").asText()).startsWith("docs/");
            assertThat(rule.at("/annotations").has("runbook_url")).isFalse();
        });
    }

    /** The names by which headings are linked to: in lower case, with hyphens. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line ->
                        line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replace(' ', '-'))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void theDashboardIsGrafanasJson(Chart chart) {
        JsonNode dashboard = dashboard(chart);

        assertThat(dashboard.path("uid").asText()).isEqualTo(chart.title);
        assertThat(items(dashboard.path("panels")).map(panel -> panel.path("id").asInt()))
                .doesNotHaveDuplicates();
        assertThat(items(dashboard.at("/templating/list"))
                        .map(variable -> variable.path("name").asText()))
                .containsExactly("datasource", "namespace", "service");
    }

    private static JsonNode dashboard(Chart chart) {
        JsonNode map = chart.example("everything").render().all("ConfigMap").stream()
                .filter(each -> each.at("/metadata/labels").has("grafana_dashboard"))
                .findFirst()
                .orElseThrow();
        return Rendered.parse(map.path("data").path(chart.title + ".json").asText());
    }

    private static List<JsonNode> dashboardQueries(Chart chart) {
        return items(dashboard(chart).path("panels"))
                .flatMap(panel -> items(panel.path("targets")))
                .map(target -> target.path("expr"))
                .toList();
    }

    private static List<String> queries(Chart chart) {
        List<String> queries = new ArrayList<>();
        dashboardQueries(chart).forEach(query -> queries.add(query.asText()));
        items(chart.example("everything").render().one("PrometheusRule").at("/spec/groups/0/rules"))
                .forEach(rule -> queries.add(rule.path("expr").asText()));
        queries.add(chart.yaml("files/dashboard.yaml").path("found").asText());
        return queries;
    }

    private static Stream<String> metrics(String query) {
        return NAME.matcher(NOT_A_NAME.matcher(query).replaceAll(" "))
                .results()
                .map((MatchResult found) -> found.group(1))
                .filter(name -> !WORDS.contains(name));
    }

    private static Set<String> exported(Chart chart) throws IOException {
        Set<String> names = new HashSet<>(OF_PROMETHEUS);
        if (chart == Chart.SERVICE) { // a test of the service holds this file against a live scrape
            TYPE.matcher(Files.readString(Path.of("../docs/contract/metrics.txt")))
                    .results()
                    .forEach(type ->
                            addSeries(names, type.group(1), type.group(2).equals("histogram")));
            return names;
        }
        try (Stream<Path> sources = Files.walk(Path.of("../operator/src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                BUILDER.matcher(Files.readString(source)).results().forEach(meter -> {
                    String name = meter.group(2).replace('.', '_');
                    switch (meter.group(1)) {
                        case "Counter" -> names.add(name + "_total");
                        case "Gauge" -> names.add(name);
                        default -> addSeries(names, name + "_seconds", true);
                    }
                });
            }
        }
        // Those of its libraries stand in the docs.
        Pattern.compile("\\b((operator_sdk|jvm)_[a-z_]+[a-z])\\b")
                .matcher(Files.readString(Path.of("../docs/kubernetes.md")))
                .results()
                .forEach(name -> names.add(name.group(1)));
        return names;
    }

    private static void addSeries(Set<String> names, String name, boolean histogram) {
        if (histogram) {
            names.addAll(List.of(name + "_bucket", name + "_sum", name + "_count"));
        } else {
            names.add(name);
        }
    }

    private static String promtool() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> Skipped.because(
                        "promtool is not installed",
                        "promtool on the PATH (apt install prometheus, brew install prometheus)"));
    }
}

package dev.headroom.charts;

import static dev.headroom.charts.Rendered.items;
import static dev.headroom.charts.Rendered.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceChartTest {

    private static final Chart CHART = Chart.SERVICE;
    private static final String DATABASE = "database: {existingSecret: shop-db}\n";
    private static final String NAME = "shop-headroom-service";

    static Stream<Chart.Example> examples() {
        return Chart.examples().stream().filter(example -> example.chart() == CHART);
    }

    @Test
    void replicasAreSetWhereNobodyElseScales() {
        assertThat(replicas(render("minimal"))).isEqualTo("2");
        assertThat(replicas(render("everything"))).isEqualTo("3");
    }

    @Test
    void replicasAreNotSetWhereSomebodyElseScales() {
        assertThat(replicas(render("scaled"))).isEqualTo("none");
        assertThat(replicas(render("autoscaler"))).isEqualTo("none");
        assertThat(replicas(CHART.render(DATABASE + "scaledBy: DbPerformance"))).isEqualTo("none");
    }

    /** Left out, a number that was there before would become 1. */
    @Test
    void theNumberOfNowIsRepeatedWhereAnEarlierRevisionHadOne() throws Exception {
        String live = """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s"%s},"spec":{"replicas":7}}""";
        String annotation = ",\"annotations\":{\"headroom.dev/replicas\":\"in the manifest\"}";

        try (var _ = LookupServer.with("deployments", NAME, live.formatted(NAME, annotation))) {
            assertThat(replicas(render("scaled"))).isEqualTo("7");
            assertThat(replicas(render("minimal"))).isEqualTo("2");
        }
        try (var _ = LookupServer.with("deployments", NAME, live.formatted(NAME, ""))) {
            assertThat(replicas(render("scaled"))).isEqualTo("none");
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void noPodHasAToken(Chart.Example example) {
        Rendered rendered = example.render();

        assertThat(rendered.pods())
                .allMatch(pod -> pod.has("automountServiceAccountToken")
                        && !pod.path("automountServiceAccountToken").asBoolean());
        assertThat(rendered.all("ServiceAccount"))
                .allMatch(
                        account -> !account.path("automountServiceAccountToken").asBoolean(true));
        assertThat(rendered.names()).noneMatch(name -> name.startsWith("Role") || name.startsWith("ClusterRole"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everySettingIsOneOfTheService(Chart.Example example) {
        List<String> known = SettingsReference.service();
        Rendered rendered = example.render();

        assertThat(settings(rendered).keySet()).isSubsetOf(known);
        assertThat(items(container(rendered).path("env"))
                        .map(variable -> variable.path("name").asText())
                        .filter(name -> name.startsWith("HEADROOM_")))
                .isSubsetOf(known.stream()
                        .map(key -> "HEADROOM_"
                                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void thePodMayLiveAsLongAsItDrains(Chart.Example example) {
        Rendered rendered = example.render();
        Map<String, String> settings = settings(rendered);

        int drain = seconds(settings.get("server.shutdown-delay")) + seconds(settings.get("server.shutdown-grace"));

        assertThat(rendered.one("Deployment")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(drain + 5);
    }

    @Test
    void probesAreThoseOfTheAdminPort_andAStartWaitsForNoDatabase() {
        JsonNode container = container(render("minimal"));

        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(container.at("/readinessProbe/httpGet/port").asText()).isEqualTo("admin");
        assertThat(items(container.path("ports")).map(port -> port.path("name").asText() + port.path("containerPort")))
                .containsExactly("http8080", "admin8081");
    }

    @Test
    void partsOfTheUrlComeFromTheSecret() {
        JsonNode environment = container(render("minimal")).path("env");

        assertThat(items(environment).map(variable -> variable.path("name").asText()))
                .containsExactly(
                        "HEADROOM_DATABASE_USER",
                        "DATABASE_HOST",
                        "DATABASE_PORT",
                        "DATABASE_NAME",
                        "HEADROOM_DATABASE_URL");
        assertThat(environment.at("/0/valueFrom/secretKeyRef/name").asText()).isEqualTo("shop-db");
        assertThat(environment.at("/4/value").asText())
                .isEqualTo("jdbc:postgresql://$(DATABASE_HOST):$(DATABASE_PORT)/$(DATABASE_NAME)");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void noPasswordIsInAConfigMapOrAnArgument(Chart.Example example) {
        Rendered rendered = example.render();

        assertThat(settings(rendered)).doesNotContainKeys("database.password", "redis.password");
        assertThat(rendered.objects().stream()
                        .filter(object -> !Rendered.kind(object).equals("Secret"))
                        .map(JsonNode::toString))
                .noneMatch(text -> text.contains("not-for-production"));
    }

    @Test
    void tlsOfDatabaseAndRedisTrustsTheirAuthorities() {
        Rendered tls = render("tls");

        assertThat(settings(tls))
                .containsEntry(
                        "database.url",
                        "jdbc:postgresql://a.example,b.example/shop?targetServerType=primary&sslmode=verify-full"
                                + "&sslrootcert=/etc/headroom/database-ca/ca.crt")
                .containsEntry("redis.trust-store", "/etc/headroom/redis-trust/store");
        assertThat(tls.one("Certificate").at("/spec/secretName").asText()).isEqualTo(NAME + "-tls");
        assertThat(tls.one("Ingress").at("/spec/tls/0/secretName").asText()).isEqualTo(NAME + "-tls");
    }

    @Test
    void thePoolOfTheDbPerformanceIsMountedAndMayBeMissing() {
        Rendered scaled = render("scaled");

        JsonNode volume = items(scaled.one("Deployment").at("/spec/template/spec/volumes"))
                .filter(each -> each.path("name").asText().equals("pool"))
                .findFirst()
                .orElseThrow();

        assertThat(volume.at("/configMap/name").asText())
                .isEqualTo(Rendered.name(scaled.one("DbPerformance")) + "-pool");
        assertThat(volume.at("/configMap/optional").asBoolean()).isTrue();
        assertThat(settings(scaled)).containsEntry("database.pool.size-file", "/etc/headroom/pool/pool");
        assertThat(settings(render("minimal"))).doesNotContainKey("database.pool.size-file");
    }

    @Test
    void aDbPerformanceIsAboutThisDatabaseAndThisDeployment() {
        JsonNode spec = render("scaled").one("DbPerformance").path("spec");

        assertThat(spec.at("/target/name").asText()).isEqualTo(NAME);
        assertThat(spec.at("/database/host").asText()).isEqualTo("db.databases.svc");
        assertThat(spec.at("/database/credentialsSecretRef/name").asText()).isEqualTo("shop-db");
        assertThat(spec.at("/mode").asText()).isEqualTo("Apply");
        assertThat(render("dev").one("DbPerformance").at("/spec/mode").asText()).isEqualTo("Observe");
    }

    @Test
    void catalogsAreFoldersOfOneVolume() {
        JsonNode sources = items(render("everything").one("Deployment").at("/spec/template/spec/volumes"))
                .filter(volume -> volume.path("name").asText().equals("catalogs"))
                .findFirst()
                .orElseThrow()
                .at("/projected/sources");

        assertThat(items(sources)
                        .flatMap(source -> items(source.at("/configMap/items")))
                        .map(item -> item.path("path").asText()))
                .containsExactlyInAnyOrder(
                        "library/catalog.yaml",
                        "library/books.sql",
                        "library/schema/V1__books.sql",
                        "orders/catalog.yaml",
                        "orders/orders.sql",
                        "orders/schema/V1__orders.sql");
        JsonNode files =
                render("everything").one("ConfigMap", "shop-catalog-library").path("data");
        assertThat(items(sources.at("/0/configMap/items"))
                        .map(item -> item.path("key").asText()))
                .allMatch(files::has);
    }

    @Test
    void podsRollWhenACatalogChangesAndOnlyThen() throws Exception {
        String values = DATABASE + """
                catalogs:
                  configMaps: [{configMap: orders, items: [{key: catalog.yaml}]}]
                  inline: {library: {catalog.yaml: "%s"}}
                """;
        List<String> seen = new ArrayList<>();

        for (String[] each : new String[][] {{"a", "a"}, {"a", "a"}, {"b", "a"}, {"a", "b"}}) {
            try (var _ = LookupServer.with("configmaps", "orders", configMap(each[1]))) {
                seen.add(CHART.render(values.formatted(each[0]))
                        .one("Deployment")
                        .at("/spec/template/metadata/annotations")
                        .path("headroom.dev/catalogs")
                        .asText());
            }
        }

        assertThat(seen.get(1)).isEqualTo(seen.get(0)).hasSize(64);
        assertThat(seen.stream().distinct()).hasSize(3);
    }

    private static String configMap(String text) {
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"orders"},"data":{"catalog.yaml":"%s"}}""".formatted(text);
    }

    @Test
    void thePasswordOfDevIsMadeOnceAndKept() throws Exception {
        Rendered first = CHART.render("dev: {enabled: true}");
        String made = password(first);
        assertThat(made).hasSize(32);
        assertThat(password(CHART.render("dev: {enabled: true}"))).isNotEqualTo(made);

        String kept = Base64.getEncoder().encodeToString(made.getBytes(StandardCharsets.UTF_8));
        try (var _ = LookupServer.with("secrets", NAME + "-dev", """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s-dev"},"data":{"password":"%s"}}""".formatted(NAME, kept))) {
            assertThat(password(CHART.render("dev: {enabled: true}"))).isEqualTo(made);
        }
    }

    private static String password(Rendered rendered) {
        return rendered.one("Secret").at("/stringData/password").asText();
    }

    @Test
    void devIsMarkedAsNotForProduction() {
        assertThat(render("dev").all("StatefulSet"))
                .hasSize(2)
                .allMatch(server -> server.at("/metadata/annotations")
                        .path("headroom.dev/dev")
                        .asText()
                        .contains("not for production"));
    }

    @Test
    void theNetworkIsClosedButForWhatIsNeeded() {
        JsonNode policy = render("minimal").one("NetworkPolicy");
        assertThat(ports(policy, "ingress")).containsExactly("8080", "8081");
        assertThat(ports(policy, "egress")).containsExactly("53", "53", "5432");
        assertThat(ports(render("tls").one("NetworkPolicy"), "egress")).containsExactly("53", "53", "5432", "6380");
        assertThat(items(policy.at("/spec/ingress/1/from"))).hasSize(2);
        assertThat(render("autoscaler").all("NetworkPolicy")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            settings: {server: {port: 9090}}                                  | settings.server.port is set by the chart: use service.port
            settings: {database: {password: x}}                               | settings.database.password is set by the chart: use database.existingSecret
            settings: {database: {pool: {size-file: /x}}}                     | settings.database.pool.size-file is set by the chart: use pool.configMap
            dev: {enabled: true}                                              | dev.enabled brings a PostgreSQL of its own
            database: {existingSecret: a, url: 'jdbc:postgresql://a/b', host: c} | database.url and database.host say the same: keep one
            database: {host: db, existingSecret: a}                           | database.host needs database.name
            database: {existingSecret: ""}                                    | no database: set database.url
            {scaledBy: Autoscaler, performance: {enabled: true, spec: {replicas: {max: 3}}}} | two would scale one Deployment
            {hosts: [a.example], tls: {existingSecret: a, certManager: {enabled: true, issuerRef: {name: b}}}} | keep one
            {hosts: [a.example], tls: {certManager: {enabled: true}}}         | needs tls.certManager.issuerRef.name
            ingress: {enabled: true}                                          | ingress, httpRoute and tls need hosts
            {hosts: [a.example], httpRoute: {enabled: true}}                  | httpRoute.enabled needs httpRoute.parentRefs
            catalogs: {inline: {a: {catalog.yaml: x}}, configMaps: [{configMap: a, items: [{key: catalog.yaml}]}]} | is in catalogs.inline and in catalogs.configMaps
            """)
    void contradictionsAreRefusedWithWhatToChange(String values, String message) {
        String withDatabase = values.contains("database:") && !values.contains("settings")
                ? values
                : values.startsWith("{")
                        ? "{database: {existingSecret: shop-db}, " + values.substring(1)
                        : DATABASE + values;

        assertThatThrownBy(() -> CHART.render(withDatabase)).hasMessageContaining(message);
    }

    private static Rendered render(String example) {
        return CHART.example(example).render();
    }

    private static String replicas(Rendered rendered) {
        return rendered.one("Deployment").at("/spec/replicas").asText("none").replaceFirst("^$", "none");
    }

    private static JsonNode container(Rendered rendered) {
        return rendered.one("Deployment").at("/spec/template/spec/containers/0");
    }

    private static List<String> ports(JsonNode policy, String direction) {
        return items(policy.at("/spec/" + direction))
                .flatMap(rule -> items(rule.path("ports")))
                .map(port -> port.path("port").asText())
                .toList();
    }

    private static int seconds(String duration) {
        return Integer.parseInt(duration.replaceFirst("s$", ""));
    }

    /** The settings file as the program reads it: by keys with dots. */
    private static Map<String, String> settings(Rendered rendered) {
        JsonNode map = rendered.all("ConfigMap").stream()
                .filter(each -> Rendered.name(each).endsWith("-settings"))
                .findFirst()
                .orElseThrow();
        Map<String, String> settings = new TreeMap<>();
        flatten("", Rendered.parse(map.at("/data").path("settings.yaml").asText()), settings);
        return settings;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(), field.getValue(), into));
        } else {
            into.put(prefix, node.isArray() ? String.join(",", texts(node)) : node.asText());
        }
    }
}

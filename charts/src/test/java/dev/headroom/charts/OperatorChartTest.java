package dev.headroom.charts;

import static dev.headroom.charts.Rendered.items;
import static dev.headroom.charts.Rendered.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperatorChartTest {

    private static final Chart CHART = Chart.OPERATOR;

    private final Rendered minimal = CHART.example("minimal").render();
    private final Rendered namespaced = CHART.example("namespaced").render();
    private final Rendered everything = CHART.example("everything").render();

    @Test
    void twoReplicasElectALeader() {
        JsonNode deployment = minimal.one("Deployment");

        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(arguments(minimal)).containsExactly("run", "--leader-election=true");
        assertThat(deployment
                        .at("/spec/template/spec/automountServiceAccountToken")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void probesAreThoseOfTheAdminServer() {
        JsonNode container = container(minimal);

        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/healthz");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/healthz");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8081);
        assertThat(Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                        .map(probe ->
                                container.at("/" + probe + "/httpGet/port").asText()))
                .containsOnly("admin");
    }

    @Test
    void everyArgumentIsASettingOfTheOperator() {
        List<String> known = SettingsReference.operator();
        for (Rendered rendered : List.of(minimal, namespaced, everything)) {
            assertThat(arguments(rendered).stream()
                            .skip(1)
                            .map(argument -> argument.substring(0, argument.indexOf('='))))
                    .isSubsetOf(known);
        }
        assertThat(arguments(everything))
                .contains("--log-level=DEBUG", "--concurrency=20", "--database-hosts=db.example,*.rds.example");
    }

    @Test
    void largeNumbersAreWrittenOut() {
        assertThat(arguments(CHART.render("settings: {concurrency: 1000000}"))).contains("--concurrency=1000000");
    }

    @Test
    void aSettingThatAValueSetsIsRefusedWithThatValue() {
        assertThatThrownBy(() -> CHART.render("settings: {watch-namespaces: shop}"))
                .hasMessageContaining("settings.watch-namespaces is set by the chart: use watchNamespaces");
    }

    @Test
    void rolesOfNamespacesGrantNothingElsewhere() {
        JsonNode cluster = namespaced.one("ClusterRole");
        assertThat(texts(cluster.at("/rules/0/resources"))).containsExactly("namespaces");
        assertThat(texts(cluster.at("/rules/1/resources"))).containsExactly("customresourcedefinitions");
        assertThat(items(cluster.path("rules"))
                        .allMatch(rule -> rule.has("resourceNames")
                                && texts(rule.path("verbs")).equals(List.of("get"))))
                .isTrue();
        assertThat(namespaced.all("Role").stream()
                        .map(role -> role.at("/metadata/namespace").asText() + "/" + Rendered.name(role)))
                .containsExactlyInAnyOrder(
                        "shop/shop-headroom-operator",
                        "statehub/shop-headroom-operator",
                        "shop/shop-headroom-operator-secrets",
                        Chart.NAMESPACE + "/shop-headroom-operator-lease");
        assertThat(arguments(namespaced)).contains("--watch-namespaces=shop,statehub");
    }

    @Test
    void secretsAreReadByNameWhereTheyAreListed() {
        JsonNode rule = namespaced.one("Role", "shop-headroom-operator-secrets").at("/rules/0");

        assertThat(texts(rule.path("verbs"))).containsExactly("get");
        assertThat(texts(rule.path("resourceNames"))).containsExactly("shop-db", "shop-ca");
        for (Rendered rendered : List.of(minimal, namespaced, everything)) {
            assertThat(rules(rendered)
                            .filter(each -> texts(each.path("resources")).contains("secrets"))
                            .flatMap(each -> texts(each.path("verbs")).stream()))
                    .containsOnly("get");
        }
    }

    @Test
    void aNamespaceOfSecretsThatIsNotWatchedIsRefused() {
        assertThatThrownBy(() -> CHART.render("{watchNamespaces: [shop], rbac: {secretNamespaces: [other]}}"))
                .hasMessageContaining("rbac.secretNamespaces names other, which is not in watchNamespaces");
    }

    @Test
    void noRuleHasAWildcardAndEachRoleIsBoundToTheOperatorAlone() {
        assertThat(rules(minimal)
                        .flatMap(rule -> Stream.of("apiGroups", "resources", "verbs")
                                .flatMap(field -> texts(rule.path(field)).stream())))
                .doesNotContain("*");
        for (String kind : List.of("RoleBinding", "ClusterRoleBinding")) {
            for (JsonNode binding : everything.all(kind)) {
                assertThat(binding.path("subjects")).hasSize(1);
                assertThat(binding.at("/subjects/0/name").asText()).isEqualTo("headroom-runs");
                assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(Chart.NAMESPACE);
                assertThat(everything.find(
                                binding.at("/roleRef/kind").asText(),
                                binding.at("/roleRef/name").asText()))
                        .isPresent();
            }
        }
    }

    @Test
    void theDefinitionOutlivesTheRelease() {
        JsonNode definition = minimal.one("CustomResourceDefinition");

        assertThat(definition
                        .at("/metadata/annotations")
                        .path("helm.sh/resource-policy")
                        .asText())
                .isEqualTo("keep");
        JsonNode source = CHART.yaml("files/dbperformances.headroom.dev.yaml");
        assertThat(definition.path("spec").equals(OperatorChartTest::compare, source.path("spec")))
                .isTrue();
        assertThat(namespaced.all("CustomResourceDefinition")).isEmpty();
    }

    @Test
    void theNetworkIsClosedButForWhatIsNeeded() {
        JsonNode policy = everything.one("NetworkPolicy");

        assertThat(texts(policy.at("/spec/policyTypes"))).containsExactly("Ingress", "Egress");
        assertThat(ports(policy.at("/spec/ingress"))).containsExactly("8081");
        assertThat(ports(policy.at("/spec/egress")))
                .containsExactly("53", "53", "443", "443", "6443", "5432", "6432", "8081", "9090");
        assertThat(ports(minimal.one("NetworkPolicy").at("/spec/egress")))
                .containsExactly("53", "53", "443", "6443", "5432", "8081");
    }

    /** As Jackson compares, but 5.0 is 5: Helm's YAML knows one kind of number. */
    private static int compare(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? Double.compare(one.asDouble(), other.asDouble())
                : one.equals(other) ? 0 : 1;
    }

    private static List<String> ports(JsonNode rules) {
        return items(rules)
                .flatMap(rule -> items(rule.path("ports")))
                .map(port -> port.path("port").asText())
                .toList();
    }

    private static Stream<JsonNode> rules(Rendered rendered) {
        return Stream.of("Role", "ClusterRole")
                .flatMap(kind -> rendered.all(kind).stream())
                .flatMap(role -> items(role.path("rules")));
    }

    private static JsonNode container(Rendered rendered) {
        return rendered.one("Deployment").at("/spec/template/spec/containers/0");
    }

    private static List<String> arguments(Rendered rendered) {
        return texts(container(rendered).path("args"));
    }
}

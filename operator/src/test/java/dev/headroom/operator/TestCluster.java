package dev.headroom.operator;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.reconcile.AllowedHosts;
import dev.headroom.operator.reconcile.DbPerformanceReconciler;
import dev.headroom.operator.reconcile.DbPerformanceReconciler.ClusterView;
import dev.headroom.testkit.TestPostgres;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One namespace with the CRD, a Secret, a database with a table, and the operator as it runs in production. */
public final class TestCluster implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);
    private static final Duration SHORT_CLEANUP_PATIENCE = Duration.ofSeconds(3);

    final KubernetesClient client;
    final TestPostgres.Database database;
    final PrometheusMeterRegistry metrics = Metrics.registry();
    private final RunningOperator operator;

    private TestCluster(
            KubernetesClient admin,
            KubernetesClient operators,
            TestPostgres.Database database,
            DbPerformanceReconciler.Settings settings,
            List<Concern<?>> more,
            List<ClusterView> views)
            throws IOException {
        this.client = admin;
        this.database = database;
        client.resource(Serialization.unmarshal(
                        Files.readString(Path.of("../crds/dbperformances.headroom.dev.yaml")),
                        CustomResourceDefinition.class))
                .createOr(existing -> existing.update());
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> client.resources(DbPerformance.class).list().getItems() != null);
        secret("db", database.password());
        operator = operator(operators, metrics, Set.of(client.getNamespace()), false, settings, more, views, () -> {});
    }

    private TestCluster(
            KubernetesClient admin,
            KubernetesClient operators,
            TestPostgres.Database database,
            DbPerformanceReconciler.Settings settings)
            throws IOException {
        this(admin, operators, database, settings, List.of(), List.of());
    }

    /** With one more concern, which needs this view of the cluster. */
    static TestCluster with(KubernetesClient client, Concern<?> concern, ClusterView view) throws IOException {
        return new TestCluster(
                client,
                client,
                TestPostgres.database(),
                settings(SHORT_CLEANUP_PATIENCE),
                List.of(concern),
                List.of(view));
    }

    static TestCluster start(KubernetesClient client) throws IOException {
        return new TestCluster(client, client, TestPostgres.database(), settings(SHORT_CLEANUP_PATIENCE));
    }

    static TestCluster start(KubernetesClient client, TestPostgres.Database database) throws IOException {
        return new TestCluster(client, client, database, settings(SHORT_CLEANUP_PATIENCE));
    }

    /** With the patience for deletions that holds when nothing is set. */
    static TestCluster patient(KubernetesClient client) throws IOException {
        return new TestCluster(client, client, TestPostgres.database(), settings(Duration.ofMinutes(5)));
    }

    static TestCluster startAs(KubernetesClient admin, KubernetesClient operators) throws IOException {
        return new TestCluster(admin, operators, TestPostgres.database(), settings(SHORT_CLEANUP_PATIENCE));
    }

    /** With a look at each resource at least this often. */
    static TestCluster looking(KubernetesClient client, Duration interval) throws IOException {
        return new TestCluster(
                client,
                client,
                TestPostgres.database(),
                new DbPerformanceReconciler.Settings(interval, SHORT_CLEANUP_PATIENCE, AllowedHosts.NONE));
    }

    private static DbPerformanceReconciler.Settings settings(Duration cleanupPatience) {
        return new DbPerformanceReconciler.Settings(LONGEST_INTERVAL, cleanupPatience, AllowedHosts.NONE);
    }

    /** One more operator on the namespace of this client; its lease lies there too. */
    public static RunningOperator operator(
            KubernetesClient client, PrometheusMeterRegistry metrics, boolean election, Runnable lost)
            throws IOException {
        return operator(client, metrics, Set.of(client.getNamespace()), election, lost);
    }

    /** @param namespaces none for all */
    static RunningOperator operator(
            KubernetesClient client,
            PrometheusMeterRegistry metrics,
            Set<String> namespaces,
            boolean election,
            Runnable lost)
            throws IOException {
        return operator(
                client, metrics, namespaces, election, settings(SHORT_CLEANUP_PATIENCE), List.of(), List.of(), lost);
    }

    private static RunningOperator operator(
            KubernetesClient client,
            PrometheusMeterRegistry metrics,
            Set<String> namespaces,
            boolean election,
            DbPerformanceReconciler.Settings reconcile,
            List<Concern<?>> more,
            List<ClusterView> views,
            Runnable lost)
            throws IOException {
        OperatorSettings settings = new OperatorSettings(
                namespaces,
                reconcile.allowedHosts(),
                election,
                client.getNamespace(),
                "127.0.0.1",
                0,
                reconcile.longestInterval(),
                reconcile.cleanupPatience(),
                4,
                "INFO");
        OperatorMain.Work work = OperatorMain.work(client, metrics, settings.databaseHosts());
        List<Concern<?>> concerns = new ArrayList<>(work.concerns());
        concerns.addAll(more);
        List<ClusterView> allViews = new ArrayList<>(work.views());
        allViews.addAll(views);
        return RunningOperator.start(
                client, settings, metrics, Clock.systemUTC(), new OperatorMain.Work(concerns, allViews), lost);
    }

    /** Ends the operator and leaves everything else: what a pod does that is told to stop. */
    void stopOperator() {
        operator.close();
    }

    int adminPort() {
        return operator.adminPort();
    }

    void secret(String name, String password) {
        secret(name, Map.of("username", database.user(), "password", password));
    }

    void secret(String name, Map<String, String> data) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(client.getNamespace())
                        .addToAnnotations("headroom.dev/hosts", database.host())
                        .endMetadata()
                        .withData(data.entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, entry -> base64(entry.getValue()))))
                        .build())
                .createOr(existing -> existing.update());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A resource with one index, on a table of its own, and more of the spec as YAML. */
    DbPerformance resource(String name, String mode, String index, String... more) throws SQLException {
        sql("CREATE TABLE IF NOT EXISTS " + index + "_of (id int PRIMARY KEY, status text)");
        String yaml = """
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: %s, namespace: %s}
                spec:
                  mode: %s
                  database: {host: %s, port: %d, name: %s, credentialsSecretRef: {name: db}, tls: {mode: prefer}}
                  indexes:
                    declared: [{name: %s, table: %s_of, columns: [status]}]
                """.formatted(
                name, client.getNamespace(), mode, database.host(), database.port(), database.name(), index, index);
        return Serialization.unmarshal(yaml + String.join("\n", more), DbPerformance.class);
    }

    /** One whose build takes a hundredth of a second for each of its rows. */
    DbPerformance slow(String name, String index, int rows) throws SQLException {
        sql("CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM pg_sleep(0.01); RETURN n; END'");
        DbPerformance resource = resource(name, "Apply", index);
        sql("INSERT INTO " + index + "_of SELECT i, i FROM generate_series(1, " + rows + ") i");
        String expression = Serialization.asYaml(resource)
                .replaceFirst("keys: \\[]", "")
                .replaceFirst("columns:\\s*- \"?status\"?", "keys: [{expression: slow(id)}]");
        return Serialization.unmarshal(expression, DbPerformance.class);
    }

    /** The same resource about a database that nobody serves. */
    static DbPerformance elsewhere(DbPerformance resource) {
        return elsewhere(resource, 1);
    }

    static DbPerformance elsewhere(DbPerformance resource, int port) {
        return rewritten(resource, "port: .*", "port: " + port);
    }

    static DbPerformance withSecret(DbPerformance resource, String secret) {
        return rewritten(resource, "name: \"?db\"?\n", "name: " + secret + "\n");
    }

    static DbPerformance withHost(DbPerformance resource, String host) {
        DatabaseSpec database = resource.getSpec().database();
        return withDatabase(
                resource, database.at(host, requireNonNull(database.port()), requireNonNull(database.name())));
    }

    /** Host, port and name are to come from the Secret. */
    static DbPerformance withoutPlace(DbPerformance resource) {
        DatabaseSpec database = resource.getSpec().database();
        return withDatabase(
                resource,
                new DatabaseSpec(
                        null, null, null, database.schemas(), database.credentialsSecretRef(), database.tls()));
    }

    private static DbPerformance withDatabase(DbPerformance resource, DatabaseSpec database) {
        DbPerformanceSpec spec = resource.getSpec();
        resource.setSpec(DbPerformanceSpec.of(spec.mode(), database, spec.indexes()));
        return resource;
    }

    private static DbPerformance rewritten(DbPerformance resource, String was, String is) {
        return Serialization.unmarshal(Serialization.asYaml(resource).replaceFirst(was, is), DbPerformance.class);
    }

    DbPerformance create(DbPerformance resource) {
        return client.resource(resource).create();
    }

    DbPerformance now(String name) {
        return client.resources(DbPerformance.class).withName(name).get();
    }

    DbPerformance awaitThat(String name, Predicate<DbPerformance> seen) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            DbPerformance resource = now(name);
            if (resource == null || resource.getStatus() == null || !seen.test(resource)) {
                throw new AssertionError(resource == null ? "gone" : Serialization.asYaml(resource.getStatus()));
            }
        });
        return now(name);
    }

    static void awaitStatus(KubernetesClient client, String name) {
        await().atMost(PATIENCE)
                .until(() -> client.resources(DbPerformance.class)
                                .withName(name)
                                .get()
                                .getStatus()
                        != null);
    }

    static void awaitNone(KubernetesClient client) {
        await().atMost(PATIENCE)
                .until(() ->
                        client.resources(DbPerformance.class).list().getItems().isEmpty());
    }

    DbPerformance awaitReason(String name, String reason) {
        return awaitThat(name, resource -> ready(resource).reason().equals(reason));
    }

    static Condition ready(DbPerformance resource) {
        return resource.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .findFirst()
                .orElseThrow();
    }

    void edit(String name, java.util.function.UnaryOperator<DbPerformance> change) {
        client.resources(DbPerformance.class).withName(name).edit(change);
    }

    void awaitGone(String name) {
        await().atMost(PATIENCE.toSeconds(), TimeUnit.SECONDS).until(() -> now(name) == null);
    }

    boolean indexExists(String name) throws SQLException {
        try (Connection connection = database.connect();
                var statement =
                        connection.prepareStatement("SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                                + " WHERE c.relname = ? AND i.indisvalid")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    String comment(String index) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.prepareStatement(
                        "SELECT obj_description(oid, 'pg_class') FROM pg_class WHERE relname = ?")) {
            statement.setString(1, index);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    long count(String sql) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        client.resources(DbPerformance.class).delete();
        awaitNone(client);
        operator.close();
        database.close();
    }
}

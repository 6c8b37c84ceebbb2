package dev.headroom.operator.loop;

import dev.headroom.operator.DeploymentPlayer;
import dev.headroom.operator.RunningOperator;
import dev.headroom.operator.TestCluster;
import dev.headroom.operator.crd.CapacityStatus;
import dev.headroom.operator.crd.CapacityStatus.PoolStatus;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.testkit.PostgresOptions;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shop whose load rises and falls: pods of the service as processes, each held to a fifth of a core, a PostgreSQL with 40
 * connections, and the operator. An overloaded pod stays ready for long, since there is only this one. A request costs some milliseconds of the pod's
 * processor, so that a pod can serve about 100 a second.
 */
final class ScalingLoop implements AutoCloseable {
    static final int MAX_CONNECTIONS = 40;

    /** Connections that PostgreSQL keeps for superusers. */
    static final int RESERVED_CONNECTIONS = 3;

    static final int OBJECTIVE_MILLIS = 200;

    /** Times of the load, in seconds. */
    static final double CALM_ENDS = 25;

    static final double PEAK_ENDS = 145;

    /** Requests a second. */
    static final double CALM = 20;

    private static final double STEP = 100;

    /** More than two pods can serve. */
    static final double PEAK = 160;

    private static final Path SERVICE = Path.of("../service/target/headroom-service.jar");
    private static final Path CATALOG = Path.of("../bench/demo-scaling/shop");

    /** Small JVMs that are quickly up. */
    private static final List<String> JVM = List.of(
            "-Xmx160m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders");

    final KubernetesClient client;
    final PostgresServer postgres;
    final Kubelet kubelet;
    final ConnectionSampler connections;
    private final DeploymentPlayer deployments;
    private @Nullable RunningOperator operator;
    private final int port = FreePort.any();
    private final int adminPort = FreePort.any();

    /** @param folder for what the pods write */
    ScalingLoop(KubernetesServer server, KubernetesClient client, Path folder) throws IOException, SQLException {
        if (!Files.exists(SERVICE)) {
            throw Skipped.because("the pods are the service", "./mvnw package -DskipTests -pl service -am");
        }
        this.client = client;
        postgres = TestPostgres.server(PostgresOptions.defaults().setting("max_connections", MAX_CONNECTIONS));
        createDatabase();
        connections = new ConnectionSampler(postgres);
        deployments = DeploymentPlayer.in(server, client.getNamespace());
        deployments.holdReadiness(); // the kubelet probes
        kubelet = new Kubelet(client, program(), folder);
        client.resource(deployment()).create();
    }

    /** Starts the operator and gives it the shop's resource. */
    void startOperator() throws IOException {
        client.resource(Serialization.unmarshal(
                        Files.readString(Path.of("../crds/dbperformances.headroom.dev.yaml")),
                        CustomResourceDefinition.class))
                .createOr(NonDeletingOperation::update);
        operator = TestCluster.operator(client, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), false, () -> {});
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("shop-db")
                        .addToAnnotations("headroom.dev/hosts", postgres.host())
                        .endMetadata()
                        .addToData("username", base64("headroom"))
                        .addToData("password", base64("headroom"))
                        .build())
                .create();
        client.resource(resource()).create();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private DbPerformance resource() {
        return Serialization.unmarshal(
                """
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: shop}
                spec:
                  mode: Apply
                  database:
                    {host: %s, port: %d, name: shop, credentialsSecretRef: {name: shop-db}, tls: {mode: prefer}}
                  target: {kind: Deployment, name: shop}
                  objective: {request: {percentile: 95, under: %dms}}
                  metrics: {source: Pods, port: %d, path: /metrics, interval: 5s}
                  pool: {minPerReplica: 2, maxPerReplica: 10, reservedConnections: 5}
                  replicas: {min: 1, max: 4, scaleDown: {minWindow: 20s, maxWindow: 45s}}
                """.formatted(postgres.host(), postgres.port(), OBJECTIVE_MILLIS, adminPort), DbPerformance.class);
    }

    /** The shop's role has no rights beyond its database, the operator's looks. Pods log in from addresses of their own. */
    private void createDatabase() throws SQLException {
        postgres.execute("create role shop login password 'shop'");
        postgres.execute("create role headroom login password 'headroom' in role pg_monitor");
        postgres.execute("create database shop owner shop");
        postgres.execute("""
                do $$ begin
                  execute format(
                    'copy (select ''host all all 127.0.0.0/8 scram-sha-256'') to %L', current_setting('hba_file'));
                  perform pg_reload_conf();
                end $$
                """);
    }

    private static List<String> program() {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(JVM);
        program.addAll(List.of("-jar", SERVICE.toAbsolutePath().normalize().toString()));
        return program;
    }

    private Deployment deployment() {
        return Serialization.unmarshal(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: shop}}
                  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}
                  template:
                    metadata: {labels: {app: shop}, finalizers: [%s]}
                    spec:
                      volumes: [{name: pool, configMap: {name: shop-pool, optional: true}}]
                      containers:
                        - name: service
                          image: headroom-service
                          resources: {limits: {cpu: 200m}}
                          readinessProbe: {httpGet: {path: /health/ready, port: %d}, failureThreshold: 20}
                          volumeMounts: [{name: pool, mountPath: /etc/headroom/pool, readOnly: true}]
                          args:
                            - --server.host=$(POD_IP)
                            - --server.port=%d
                            - --admin.port=%d
                            - --server.shutdown-delay=2s
                            - --database.url=%s?localSocketAddress=$(POD_IP)
                            - --database.user=shop
                            - --database.password=shop
                            - --database.pool.size-file=/etc/headroom/pool/pool
                            - --database.pool.queue=20000
                            - --database.pool.queue-timeout=1m
                            - --catalogs.enabled=
                            - --catalogs.folders=%s
                            - --cache.enabled=false
                """.formatted(
                                Kubelet.FINALIZER,
                                adminPort,
                                port,
                                adminPort,
                                postgres.jdbcUrl("shop"),
                                CATALOG.toAbsolutePath().normalize()),
                Deployment.class);
    }

    /** Where the ready pods serve. */
    List<URI> endpoints() {
        return kubelet.endpoints().stream()
                .map(Pod::getStatus)
                .map(status -> URI.create("http://" + status.getPodIP() + ":" + port + "/shop/orders"))
                .toList();
    }

    /**
     * The load: little at first, then in a step more than one pod can serve, then more than two can, and little again. A
     * request needs about 2 ms of the fifth of a core that a pod has.
     */
    static LoadSchedule risingAndFalling() {
        return LoadSchedule.from(CALM)
                .stay(CALM_ENDS)
                .to(STEP, 5)
                .stay(30)
                .to(PEAK, 20)
                .stay(PEAK_ENDS - CALM_ENDS - 55)
                .to(CALM, 5)
                .stay(70);
    }

    /** What is seen at one moment of the loop. */
    record Moment(
            double second,
            LoadGenerator.Answered lastSecond,
            int ready,
            int wanted,
            Optional<CapacityStatus> capacity,
            ConnectionSampler.Sessions sessions) {

        Optional<PoolStatus> pool() {
            return capacity.map(CapacityStatus::pool);
        }

        int poolSize() {
            return pool().map(PoolStatus::size).orElse(0);
        }

        /** The operator's last decision. */
        String sentence() {
            return capacity.map(CapacityStatus::decisions)
                    .filter(decisions -> !decisions.isEmpty())
                    .map(decisions -> decisions.getLast().sentence())
                    .orElse("");
        }
    }

    /** Looks once a second until the load has run for so long. */
    void watch(LoadGenerator load, double until, Consumer<Moment> each) throws SQLException {
        double from = load.second();
        while (from < until) {
            double to = Math.min(from + 1, until);
            Await.until("a second to pass", () -> load.second() >= to);
            each.accept(moment(load, from, to));
            from = to;
        }
    }

    private Moment moment(LoadGenerator load, double from, double to) throws SQLException {
        DbPerformance resource =
                client.resources(DbPerformance.class).withName("shop").get();
        DbPerformanceStatus status = resource == null ? null : resource.getStatus();
        return new Moment(
                to,
                load.between(from, to),
                kubelet.endpoints().size(),
                client.apps().deployments().withName("shop").get().getSpec().getReplicas(),
                Optional.ofNullable(status == null ? null : status.capacity()),
                connections.latest());
    }

    @Override
    public void close() throws SQLException {
        if (operator != null) {
            operator.close();
        }
        deployments.close();
        kubelet.close();
        connections.close();
        postgres.close();
    }
}

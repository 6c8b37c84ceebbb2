package dev.headroom.operator.loop;

import dev.headroom.operator.DeploymentPlayer;
import dev.headroom.testkit.PostgresOptions;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.process.FreePort;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A shop whose load rises and falls: pods of the service as processes, each held to a quarter of a core, and a PostgreSQL with
 * 40 connections.
 */
final class ScalingLoop implements AutoCloseable {
    static final int MAX_CONNECTIONS = 40;

    private static final Path SERVICE = Path.of("../service/target/headroom-service.jar");
    private static final Path CATALOG = Path.of("../bench/demo-scaling/shop");

    /** Small JVMs that are quickly up. */
    private static final List<String> JVM = List.of(
            "-Xmx96m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders");

    final KubernetesClient client;
    final PostgresServer postgres;
    final Kubelet kubelet;
    final ConnectionSampler connections;
    private final DeploymentPlayer deployments;
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

    /** Of a role without rights beyond its database. Pods log in from addresses of their own. */
    private void createDatabase() throws SQLException {
        postgres.execute("create role shop login password 'shop'");
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
                          resources: {limits: {cpu: 250m}}
                          readinessProbe: {httpGet: {path: /health/ready, port: %d}}
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
                            - --database.pool.queue=1000
                            - --database.pool.queue-timeout=10s
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

    int wantedReplicas() {
        return client.apps().deployments().withName("shop").get().getSpec().getReplicas();
    }

    /** What the ConfigMap publishes; empty before the first time. */
    String publishedPool() {
        ConfigMap published = client.configMaps().withName("shop-pool").get();
        return published == null ? "" : published.getData().getOrDefault("pool", "");
    }

    @Override
    public void close() throws SQLException {
        deployments.close();
        kubelet.close();
        connections.close();
        postgres.close();
    }
}

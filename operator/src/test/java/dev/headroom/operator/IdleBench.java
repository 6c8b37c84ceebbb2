package dev.headroom.operator;

import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.process.FreePort;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the operator takes while nothing is to do: as a process of its own, with the JVM flags given, on a real API server,
 * with {@code resources} DbPerformances that have a Secret and an index each, on 20 databases.
 */
final class IdleBench {

    private static final int DATABASES = 20;
    private static final int PORT = FreePort.any();

    private final KubernetesServer server = KubernetesServer.ofThisRun();
    private final String namespace = "idle-" + ProcessHandle.current().pid();
    private final KubernetesClient client = server.client(namespace);
    private final List<TestPostgres.Database> databases = new ArrayList<>();

    private IdleBench() {}

    /** Resources, seconds, and then the command that is the operator. */
    public static void main(String[] arguments) throws Exception {
        int resources = Integer.parseInt(arguments[0]);
        Duration window = Duration.ofSeconds(Long.parseLong(arguments[1]));
        List<String> command = List.of(arguments).subList(2, arguments.length);
        IdleBench bench = new IdleBench();
        try {
            bench.run(resources, window, command);
        } finally {
            bench.close();
        }
    }

    private void run(int resources, Duration window, List<String> command) throws Exception {
        server.requireRealApi("it measures watches and writes");
        prepare(resources);
        Process operator = start(command);
        try {
            Instant began = Instant.now();
            awaitReady(operator, resources);
            System.out.printf("%d resources valid after %d s%n", resources, since(began));
            pause(Duration.ofSeconds(20));
            Sample before = Sample.take();
            pause(window);
            Sample after = Sample.take();
            double seconds = (after.at - before.at) / 1e9;
            System.out.printf(
                    "at rest for %.0f s: %.0f passes, %.0f status writes (promised 0), %.1f %% of one core (promised < 5),"
                            + " %.0f MiB resident (promised < 200), heap %.0f MiB, %.0f threads, load %s%n",
                    seconds,
                    after.passes - before.passes,
                    after.patches - before.patches,
                    100 * (after.cpu - before.cpu) / seconds,
                    after.resident / 1048576,
                    after.heap / 1048576,
                    after.threads,
                    Files.readString(Path.of("/proc/loadavg")).split(" ", 4)[0]);
        } finally {
            Instant asked = Instant.now();
            operator.destroy();
            boolean ended = operator.waitFor(40, TimeUnit.SECONDS);
            System.out.printf("told to stop, it %s %d s%n", ended ? "ended after" : "still ran after", since(asked));
            operator.destroyForcibly();
        }
    }

    private void prepare(int resources) throws IOException, SQLException {
        client.resource(Serialization.unmarshal(
                        Files.readString(Path.of("crds/dbperformances.headroom.dev.yaml")),
                        CustomResourceDefinition.class))
                .createOr(existing -> existing.update());
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        for (int i = 0; i < DATABASES; i++) {
            databases.add(TestPostgres.database());
        }
        for (int i = 0; i < resources; i++) {
            prepare(databases.get(i % DATABASES), "r" + i);
        }
    }

    private void prepare(TestPostgres.Database database, String name) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + name + " (id int PRIMARY KEY, status text)");
        }
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withStringData(Map.of("username", database.user(), "password", database.password()))
                        .build())
                .create();
        client.resource(Serialization.unmarshal(
                        """
                        apiVersion: headroom.dev/v1alpha1
                        kind: DbPerformance
                        metadata: {name: %1$s}
                        spec:
                          mode: Apply
                          database: {host: %2$s, port: %3$d, name: %4$s, credentialsSecretRef: {name: %1$s}, tls: {mode: disable}}
                          indexes: {declared: [{name: ix_%1$s, table: %1$s, columns: [status]}]}
                        """.formatted(name, database.host(), database.port(), database.name()), DbPerformance.class))
                .create();
    }

    private Process start(List<String> command) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(
                "--watch-namespaces=" + namespace,
                "--leader-election=true",
                "--lease-namespace=" + namespace,
                "--admin-port=" + PORT,
                "--database-hosts=*",
                "--log-level=WARNING"));
        ProcessBuilder builder = new ProcessBuilder(all).inheritIO();
        builder.environment().put("KUBECONFIG", OperatorProgram.kubeconfig(server));
        return builder.start();
    }

    private void awaitReady(Process operator, int resources) throws InterruptedException {
        long ready = 0;
        while (ready < resources) {
            if (!operator.isAlive()) {
                throw new IllegalStateException("the operator ended");
            }
            pause(Duration.ofSeconds(2));
            ready = client.resources(DbPerformance.class).list().getItems().stream()
                    .filter(one ->
                            one.getStatus() != null && TestCluster.ready(one).status() == Truth.TRUE)
                    .count();
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    private static long since(Instant moment) {
        return Duration.between(moment, Instant.now()).toSeconds();
    }

    private void close() {
        client.resources(DbPerformance.class)
                .list()
                .getItems()
                .forEach(one -> client.resource(one).edit(r -> {
                    r.getMetadata().setFinalizers(List.of());
                    return r;
                }));
        client.namespaces().withName(namespace).delete();
        databases.forEach(TestPostgres.Database::close);
        client.close();
    }

    /** What the operator says of itself at one moment. */
    private record Sample(
            long at, double cpu, double resident, double heap, double threads, double passes, double patches) {

        static Sample take() throws IOException, InterruptedException {
            URI uri = URI.create("http://127.0.0.1:" + PORT + "/metrics");
            try (HttpClient http = HttpClient.newHttpClient()) {
                String text = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                        .body();
                return new Sample(
                        System.nanoTime(),
                        sum(text, "process_cpu_seconds_total"),
                        sum(text, "process_resident_memory_bytes"),
                        sum(text, "jvm_memory_used_bytes{area=\"heap\"}"),
                        sum(text, "jvm_threads_current"),
                        sum(text, "headroom_reconcile_duration_seconds_count"),
                        sum(text, "headroom_status_patches_total"));
            }
        }

        private static double sum(String text, String name) {
            return text.lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}

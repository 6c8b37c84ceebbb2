package dev.headroom.images;

import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator on an API server while it builds an index that a resource declares. Without a lease: the API server in this JVM
 * cannot say who may take one.
 */
final class OperatorTraining extends Training {

    private static final String NAMESPACE = "headroom";
    private static final String SECRET = "training-database";
    private static final String INDEX = "ix_books_title";

    private final Path definition;
    private final Path work;
    private final int adminPort = FreePort.any();

    /**
     * Keeps what the run needs.
     *
     * @param definition the file of the CustomResourceDefinition
     * @param work a folder for files
     */
    OperatorTraining(List<String> command, Path log, Path definition, Path work) {
        super(command, log);
        this.definition = definition;
        this.work = work;
    }

    @Override
    void run() throws IOException, InterruptedException {
        KubernetesServer server = KubernetesServer.ofThisRun();
        try (PostgresServer postgres = TestPostgres.server();
                TestPostgres.Database database = postgres.database();
                KubernetesClient client = server.client(NAMESPACE)) {
            createTable(database);
            create(client, database);
            Process operator = start(
                    List.of("run", "--admin-host=127.0.0.1", "--admin-port=" + adminPort, "--database-hosts=*"),
                    Map.of("KUBECONFIG", kubeconfig(server)));
            String admin = "http://127.0.0.1:" + adminPort;
            Await.until("the operator", () -> isUp(admin + "/readyz") || !operator.isAlive());
            if (!operator.isAlive()) {
                throw new IOException("the operator did not start" + said());
            }
            Await.until("the index " + INDEX + ", see training.log", () -> hasIndex(database));
            get(admin + "/metrics");
            stop(operator, TERMINATED);
        }
    }

    /** What the JVM ends with after SIGTERM. */
    private static final int TERMINATED = 143;

    private void create(KubernetesClient client, TestPostgres.Database database) throws IOException {
        try (InputStream file = Files.newInputStream(definition)) {
            client.load(file).create();
        }
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .endMetadata()
                .withStringData(Map.of("username", database.user(), "password", database.password()))
                .withData(Map.of("username", encoded(database.user()), "password", encoded(database.password())))
                .build();
        client.resource(secret).create();
        GenericKubernetesResource resource = client.getKubernetesSerialization()
                .unmarshal(
                        """
                        apiVersion: headroom.dev/v1alpha1
                        kind: DbPerformance
                        metadata: {name: training, namespace: %s}
                        spec:
                          mode: Apply
                          database:
                            host: %s
                            port: %d
                            name: %s
                            schemas: [public]
                            credentialsSecretRef: {name: %s}
                            tls: {mode: disable}
                          indexes:
                            declared: [{name: %s, table: books, columns: [title]}]
                        """.formatted(NAMESPACE, database.host(), database.port(), database.name(), SECRET, INDEX),
                        GenericKubernetesResource.class);
        client.resource(resource).create();
    }

    private static String encoded(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void createTable(TestPostgres.Database database) throws IOException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table books as select n as id, 'title ' || n as title from generate_series(1, 1000) n");
            statement.execute("alter table books add primary key (id)");
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean hasIndex(TestPostgres.Database database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("select from pg_index where indisvalid and indexrelid = to_regclass('" + INDEX + "')")
                    .next();
        } catch (SQLException e) {
            return false;
        }
    }

    private String kubeconfig(KubernetesServer server) throws IOException {
        @Nullable String authority = server.admin().getCaCertFile();
        @Nullable String token = server.admin().getOauthToken();
        return Files.writeString(work.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"%s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                                server.admin().getMasterUrl(),
                                authority == null ? "" : ", certificate-authority: \"" + authority + "\"",
                                token == null ? "" : "token: \"" + token + "\""))
                .toString();
    }
}

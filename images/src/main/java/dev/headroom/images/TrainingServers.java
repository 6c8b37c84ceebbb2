package dev.headroom.images;

import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.process.Await;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the programs run on while they are trained or measured: PostgreSQL, Redis, and an API server with a DbPerformance that
 * declares an index on a table there.
 */
final class TrainingServers implements AutoCloseable {

    static final String NAMESPACE = "headroom";

    private static final String SECRET = "training-database";
    private static final String INDEX = "ix_books_title";

    private final PostgresServer postgres = TestPostgres.server();
    private final TestPostgres.Database database = postgres.database();
    private final RedisServer redis = TestRedis.server();

    TestPostgres.Database database() {
        return database;
    }

    RedisServer redis() {
        return redis;
    }

    /** Whether this is a kube-apiserver rather than fabric8's in-process one, which answers no access reviews. */
    static boolean hasRealApiServer() {
        return KubernetesServer.ofThisRun().kind() != KubernetesServer.Kind.IN_PROCESS;
    }

    /**
     * Puts the resource and what it refers to on the API server.
     *
     * @param definition the file of the CustomResourceDefinition
     */
    void createResource(Path definition) throws IOException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table books as select n as id, 'title ' || n as title from generate_series(1, 1000) n");
            statement.execute("alter table books add primary key (id)");
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
        try (KubernetesClient client = KubernetesServer.ofThisRun().client(NAMESPACE)) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(NAMESPACE)
                            .endMetadata()
                            .build())
                    .create();
            define(client, definition);
            client.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName(SECRET)
                            .endMetadata()
                            .withData(Map.of(
                                    "username", base64(database.user()), "password", base64(database.password())))
                            .build())
                    .create();
            client.resource(client.getKubernetesSerialization()
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
                                    """.formatted(
                                                    NAMESPACE,
                                                    database.host(),
                                                    database.port(),
                                                    database.name(),
                                                    SECRET,
                                                    INDEX),
                                    GenericKubernetesResource.class))
                    .create();
        }
    }

    private static void define(KubernetesClient client, Path definition) throws IOException {
        CustomResourceDefinition resource;
        try (InputStream file = Files.newInputStream(definition)) {
            resource = client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(file)
                    .create();
        }
        if (hasRealApiServer()) {
            Await.until("the definition to be served", () -> {
                var status = client.resource(resource).get().getStatus();
                return status != null
                        && Stream.ofNullable(status.getConditions())
                                .flatMap(List::stream)
                                .anyMatch(condition -> condition.getType().equals("Established")
                                        && condition.getStatus().equals("True"));
            });
        }
    }

    /** Whether the operator has done what the resource asks for. */
    boolean hasIndex() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("select from pg_index where indisvalid and indexrelid = to_regclass('" + INDEX + "')")
                    .next();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Writes a kubeconfig that is whole by itself, so that a container can have it mounted. */
    static void writeKubeconfig(Path file) throws IOException {
        var admin = KubernetesServer.ofThisRun().admin();
        @Nullable String authority = admin.getCaCertFile();
        @Nullable String token = admin.getOauthToken();
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"%s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                admin.getMasterUrl(),
                authority == null
                        ? ""
                        : ", certificate-authority-data: \"" + base64(Files.readString(Path.of(authority))) + "\"",
                token == null ? "" : "token: \"" + token + "\""));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        redis.close();
        database.close();
        postgres.close();
    }

    /**
     * For bench/images.sh: starts the servers, writes a file of shell variables that say where they are, and a kubeconfig, and
     * ends with its standard input.
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        try (TrainingServers servers = new TrainingServers()) {
            servers.createResource(Path.of("crds/dbperformances.headroom.dev.yaml"));
            writeKubeconfig(folder.resolve("kubeconfig"));
            Path variables = folder.resolve("servers.tmp");
            Files.writeString(
                    variables,
                    "DATABASE_URL=%s%nDATABASE_HOST=%s%nDATABASE_PORT=%d%nDATABASE_NAME=%s%nDATABASE_USER=%s%nDATABASE_PASSWORD=%s%nREDIS_URL=%s%nREAL_API_SERVER=%s%n"
                            .formatted(
                                    servers.database.jdbcUrl(),
                                    servers.database.host(),
                                    servers.database.port(),
                                    servers.database.name(),
                                    servers.database.user(),
                                    servers.database.password(),
                                    servers.redis.url(),
                                    hasRealApiServer()));
            Files.move(variables, folder.resolve("servers"));
            System.in.readAllBytes();
        }
    }
}

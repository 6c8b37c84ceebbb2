package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.pool.MeasuredPool;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.PostgresOptions;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password or a CA that is replaced while requests come: none fails, and nothing needs a restart. */
class RotatedPasswordTest {
    private static final String POLICY = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    @TempDir
    Path folder;

    @TempDir
    Path mount;

    private final TestPostgres.Database database = TestPostgres.database();
    private final String role = "rotated_" + database.name();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Future<List<Integer>>> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private MountedSecret mounted;

    @BeforeEach
    void createRole() {
        mounted = new MountedSecret(mount, "password", "first-password\n");
        database.server().execute("create role " + role + " login password 'first-password'");
        database.server().execute("alter database " + database.name() + " owner to " + role);
    }

    @AfterEach
    void drop() {
        over.set(true);
        threads.close();
        database.close();
        database.server().execute("drop role " + role);
    }

    private RunningService withReplica() {
        return RunningService.prepare(
                        database.jdbcUrl(),
                        role,
                        "",
                        LittleCatalog.in(folder, POLICY)
                                .arguments(
                                        "--database.password-file=" + mounted.file(),
                                        "--database.replica.url=" + database.jdbcUrl(),
                                        "--database.replica.probe-interval=100ms",
                                        "--database.pool.maximum-pool-size=4"))
                .started();
    }

    private void load(RunningService service) {
        for (int client = 0; client < 6; client++) {
            Callable<List<Integer>> asking = () -> {
                List<Integer> failed = new ArrayList<>();
                while (!over.get()) {
                    int status = service.get(LittleCatalog.LIVE).statusCode();
                    if (status != 200) {
                        failed.add(status);
                    }
                }
                return failed;
            };
            clients.add(threads.submit(asking));
        }
    }

    private void assertNoneFailed() throws Exception {
        over.set(true);
        for (Future<List<Integer>> client : clients) {
            assertThat(client.get()).isEmpty();
        }
    }

    /** Closes all connections of the pools but one, each once its statement is done, and opens new ones. */
    private static void renewConnections(RunningService service) {
        List<MeasuredPool> pools = List.of(
                service.service().database().pool(),
                service.service().database().replicaPool().orElseThrow());
        for (MeasuredPool pool : pools) {
            pool.resize(new PoolSize(1, 1));
            await().until(() -> pool.gauges().total() <= 1);
            pool.resize(new PoolSize(4, 2));
        }
    }

    /** Until each pool has a new session. */
    private static void awaitRenewed(RunningService service, TestPostgres.Database database, String user) {
        String since = LittleCatalog.text(database, "select clock_timestamp()::text");
        endWatch(database);
        renewConnections(service);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> LittleCatalog.text(
                                database,
                                "select (count(*) filter (where backend_start > '" + since + "') >= 2)::text"
                                        + " from pg_stat_activity where usename = '" + user
                                        + "' and application_name = 'headroom-service'")
                        .equals("true"));
    }

    /** The watch of the replica and the listener keep their sessions, so those are ended. */
    private static void endWatch(TestPostgres.Database database) {
        LittleCatalog.number(
                database,
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and"
                        + " (query like '%pg_last_wal_replay_lsn%' or application_name = 'headroom-service changes')"
                        + " and pid <> pg_backend_pid()");
    }

    @Test
    void aPasswordThatTheServerKnowsFirst() throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                RunningService service = withReplica()) {
            WholeFleet.awaitHearing(service);
            await().until(() -> service.service().database().replicaInUse());
            load(service);

            database.server().execute("alter role " + role + " password 'second-password'");
            mounted.replace("second-password\n");
            awaitRenewed(service, database, role);

            await().atMost(Duration.ofSeconds(20)).until(() -> LittleCatalog.listening(database) == 1);
            await().until(() -> service.service().database().replicaInUse());
            assertNoneFailed();
            assertThat(log.written()).noneMatch(line -> line.contains("first-password"));
            assertThat(log.written()).noneMatch(line -> line.contains("second-password"));
        }
    }

    @Test
    void aPasswordThatTheFileHasFirst() throws Exception {
        try (RunningService service = withReplica()) {
            await().until(() -> service.service().database().replicaInUse());
            load(service);

            mounted.replace("second-password\n");
            awaitRenewed(service, database, role);
            database.server().execute("alter role " + role + " password 'second-password'");
            awaitRenewed(service, database, role);

            assertNoneFailed();
        }
    }

    @Test
    void aFileThatIsGoneInBetween() throws Exception {
        try (RunningService service = withReplica()) {
            load(service);

            mounted.remove();
            awaitRenewed(service, database, role);
            mounted.replace("first-password\n");
            awaitRenewed(service, database, role);

            assertNoneFailed();
        }
    }

    @Test
    void aNewAuthorityOfTheServer(@TempDir Path old, @TempDir Path renewed) throws Exception {
        TestCertificate first = TestCertificate.of("ip:127.0.0.1", old);
        TestCertificate second = TestCertificate.of("ip:127.0.0.1", renewed);
        Path certificate = Files.copy(first.certificate(), folder.resolve("server.crt"));
        Path key = Files.copy(first.privateKey(), folder.resolve("server.key"), StandardCopyOption.COPY_ATTRIBUTES);
        Path trusted = Files.copy(first.certificate(), folder.resolve("root.crt"));
        PostgresOptions tls = PostgresOptions.defaults()
                .setting("ssl", "on")
                .setting("ssl_cert_file", certificate)
                .setting("ssl_key_file", key);
        try (PostgresServer server = TestPostgres.server(tls);
                TestPostgres.Database own = server.database();
                RunningService service = RunningService.prepare(
                                own.jdbcUrl() + "?sslmode=verify-full&sslrootcert=" + trusted,
                                own.user(),
                                own.password(),
                                LittleCatalog.in(folder, POLICY).arguments("--database.replica.url=" + own.jdbcUrl()))
                        .started()) {
            load(service);

            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    second.privateKey(), key, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.copy(second.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
            server.execute("select pg_reload_conf()");
            awaitRenewed(service, own, own.user());

            assertNoneFailed();
        }
    }
}

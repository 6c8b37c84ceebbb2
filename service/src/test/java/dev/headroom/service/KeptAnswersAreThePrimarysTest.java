package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static dev.headroom.service.LittleCatalog.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.PgBouncer;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole services whose reads do not all go to the primary, and not straight. */
class KeptAnswersAreThePrimarysTest {
    private static final String POLICY = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();

    @AfterEach
    void close() {
        database.close();
    }

    /** With a replica that can be told apart, because it says something else. */
    private RunningService withReplica(TestPostgres.Database replica, String... more) {
        LittleCatalog.execute(replica, """
                create schema little;
                create table little.notes (id int primary key, word text not null);
                create table little.others (id int primary key);
                insert into little.notes values (1, 'replica')""");
        String[] where = {"--database.replica.url=" + replica.jdbcUrl(), "--database.replica.probe-interval=100ms"};
        RunningService service = RunningService.on(
                database,
                LittleCatalog.in(folder, POLICY)
                        .arguments(Stream.of(where, more).flatMap(Stream::of).toArray(String[]::new)));
        await().until(() -> service.service().database().replicaInUse());
        return service;
    }

    @Test
    void whatIsKeptIsComputedOnThePrimaryAndWhatIsNotIsReadFromTheReplica() {
        try (TestPostgres.Database replica = TestPostgres.database();
                RunningService service = withReplica(replica)) {
            WholeFleet.awaitHearing(service);
            assertThat(service.get(LIVE).body()).contains("replica");
            assertThat(service.get(KEPT).body()).contains("first");
            for (int i = 0; i < 5; i++) {
                String word = "version " + i;
                LittleCatalog.say(database, word);
                await().untilAsserted(() -> assertThat(service.get(KEPT).body()).contains(word));
                assertThat(service.get(LIVE).body()).contains("replica");
            }
        }
    }

    @Test
    void withoutChangesToHearOfWhatIsKeptComesFromTheReplicaToo() {
        try (TestPostgres.Database replica = TestPostgres.database();
                RunningService service = withReplica(replica, "--cache.changes=false")) {
            assertThat(service.get(KEPT).body()).contains("replica");
        }
    }

    @Test
    void behindPgBouncerChangesAreHeardOfPastIt() {
        try (PgBouncer bouncer = PgBouncer.before(database.server(), Map.of())) {
            try (RunningService service = RunningService.prepare(
                            bouncer.jdbcUrl(database.name()),
                            database.user(),
                            database.password(),
                            LittleCatalog.in(folder, POLICY)
                                    .arguments(
                                            "--database.pgbouncer=true", "--database.direct-url=" + database.jdbcUrl()))
                    .started()) {
                WholeFleet.awaitHearing(service);
                for (int i = 0; i < 10; i++) {
                    String word = "version " + i;
                    LittleCatalog.say(database, word);
                    await().untilAsserted(
                                    () -> assertThat(service.get(KEPT).body()).contains(word));
                }
                assertThat(service.get(KEPT).headers().firstValue("X-Query-Count"))
                        .contains("0");
                assertThat(LittleCatalog.listening(database)).isEqualTo(1);
            }
        }
    }
}

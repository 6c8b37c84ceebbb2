package dev.headroom.service.database.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.ReplicaSettings;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A real standby of a real primary. */
class ReplicaCutOffTest {

    @Test
    void aReplicaThatHearsNothingOfItsPrimaryAnyMoreGetsNoReads() throws Exception {
        try (PostgresServer primary = TestPostgres.server();
                PostgresServer standby = TestPostgres.standbyOf(primary)) {
            try (TestDatabase test =
                    TestDatabase.on(primary, settings -> settings.withReplica(replica(settings, primary, standby)))) {
                await().atMost(Duration.ofSeconds(20)).until(test.database()::replicaInUse);

                standby.execute("alter system set primary_conninfo = 'host=127.0.0.1 port=1'");
                standby.execute("select pg_reload_conf()");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !test.database().replicaInUse());
                test.execute("create table news as select 'new'::text as word");
                assertThat(test.list("select word from news")).isEqualTo("[{\"word\":\"new\"}]");

                standby.execute("alter system set primary_conninfo = '" + address(primary) + "'");
                standby.execute("select pg_reload_conf()");
                await().atMost(Duration.ofSeconds(30)).until(test.database()::replicaInUse);
                assertThat(test.list("select word from news")).isEqualTo("[{\"word\":\"new\"}]");
            }
        }
    }

    private static ReplicaSettings replica(DatabaseSettings settings, PostgresServer primary, PostgresServer standby) {
        return new ReplicaSettings(
                settings.url().replace(":" + primary.port() + "/", ":" + standby.port() + "/"),
                Duration.ofMillis(500),
                Duration.ofMillis(200),
                Duration.ofSeconds(1));
    }

    private static String address(PostgresServer primary) {
        return "host=" + primary.host() + " port=" + primary.port() + " user=" + primary.user() + " password="
                + primary.password();
    }
}

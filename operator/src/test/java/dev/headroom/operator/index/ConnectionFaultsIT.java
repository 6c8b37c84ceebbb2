package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.expression;
import static dev.headroom.operator.index.Wanted.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.Credentials;
import dev.headroom.operator.database.PostgresAccess;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections whose other end is gone without a word, in the middle of a build. */
class ConnectionFaultsIT {
    private static final Wanted SLOW = keys("ix", "tasks", expression("slow(n)"));
    /** Half a minute until the session that holds the locks is found silent, and the build again. */
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private static final String[] TABLE = {
        "create function slow(n int) returns int immutable language plpgsql as "
                + "'begin perform pg_sleep(0.01); return n; end'",
        "create table tasks (id int primary key, n int)",
        "insert into tasks select i, i from generate_series(1, 500) i"
    };

    /** Nothing here ends a read for want of an answer, and on the server sessions without a client hold the locks. */
    @Test
    void aBuildWhoseConnectionsWentSilentIsFinishedOverNewOnes() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                TcpProxy address = TcpProxy.plain(database.host(), database.port());
                TestOperator shop = TestOperator.as("shop", through(address, database))) {
            Sqls.run(database, TABLE);
            shop.declare(SLOW).look();
            await().until(() -> building(database));

            address.blackHole();
            address.restore();

            untilValid(shop);
            assertThat(Sqls.indexes(database)).hasSize(1);
            await().untilAsserted(() -> assertThat(Sqls.column(
                            database,
                            "select application_name || ': ' || query from pg_stat_activity"
                                    + " where application_name in ('headroom-operator build', 'headroom-operator work')"
                                    + " and datname = current_database()"))
                    .as("sessions without a client")
                    .isEmpty());
        }
    }

    static PostgresAccess through(TcpProxy address, TestPostgres.Database database) {
        DatabaseSpec spec = new DatabaseSpec(
                "127.0.0.1",
                address.port(),
                database.name(),
                List.of("public"),
                new CredentialsSecret("db", "username", "password"),
                new TlsSpec(TlsSpec.TlsMode.DISABLE, null));
        return new PostgresAccess(
                spec,
                new Credentials(database.user(), database.password()),
                null,
                new ConnectionCount(new SimpleMeterRegistry()));
    }

    private static void untilValid(TestOperator operator) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(operator.status("ix").state()).isEqualTo(State.VALID));
    }

    static boolean building(TestPostgres.Database database) throws SQLException {
        return Sqls.column(
                        database, "select phase from pg_stat_progress_create_index where datname = current_database()")
                .stream()
                .anyMatch(phase -> phase.startsWith("building index"));
    }
}

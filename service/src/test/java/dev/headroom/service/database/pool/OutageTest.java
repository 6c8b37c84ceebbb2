package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.statement.Query;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an outage reads in the log why nothing can be reached. */
class OutageTest {

    @Test
    void aWrongPasswordIsToldFirstWithWhoWasRefusedAndWhatToSet() {
        try (TestPostgres.Database server = TestPostgres.database()) {
            tells(
                    DatabaseSettings.of(server.jdbcUrl(), "nobody", "wrong"),
                    "the server refuses the user \"nobody\"",
                    "database.user",
                    "database.password-file",
                    "SQLSTATE 28P01: password authentication failed for user");
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsToldFirst() {
        try (TestPostgres.Database server = TestPostgres.database()) {
            tells(
                    DatabaseSettings.of(
                            server.jdbcUrl().replace("/" + server.name(), "/no_such_database"),
                            server.user(),
                            server.password()),
                    "the database that database.url names does not exist",
                    "\"no_such_database\"");
        }
    }

    @Test
    void aServerWithoutAConnectionLeftIsToldFirst() throws SQLException {
        try (TestPostgres.Database server = TestPostgres.database();
                Connection admin = server.connect();
                Statement statement = admin.createStatement()) {
            String role = "no_connection_" + server.name();
            statement.execute("create role " + role + " login connection limit 0 password 'secret'");
            try {
                tells(
                        DatabaseSettings.of(server.jdbcUrl(), role, "secret"),
                        "the server has no connection left",
                        "database.pool.maximum-pool-size",
                        "max_connections");
            } finally {
                statement.execute("drop role " + role);
            }
        }
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        tells(
                DatabaseSettings.of("jdbc:postgresql://no-such-host.invalid/app", "app", "secret"),
                "nothing answers at database.url",
                "no-such-host.invalid",
                "does not resolve");
    }

    @Test
    void requestsAreToldOfOnlyWhereNobodyAnswers() {
        assertThat(begun("the name does not resolve", true))
                .isEqualTo("SEVERE primary database: the name does not resolve."
                        + " No request tries it until it can be reached");
        assertThat(begun("is PostgreSQL running there?", true))
                .isEqualTo("SEVERE primary database: is PostgreSQL running there?"
                        + " No request tries it until it can be reached");
        assertThat(begun("the server refuses the user", false))
                .isEqualTo("SEVERE primary database: the server refuses the user");
        assertThat(StatementProfile.inBackground(StatementProfile.START, () -> begun("nothing answers", true)))
                .isEqualTo("SEVERE primary database: nothing answers");
    }

    private static String begun(String why, boolean unreachable) {
        var settings = DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/app", "app", "secret");
        try (LoggedLines log = LoggedLines.of(Outage.class.getPackage());
                var outage = new Outage("primary", PostgresConnector.direct(settings), () -> {}, () -> {})) {
            outage.begin(why, unreachable);
            return log.lines().getFirst();
        }
    }

    /** As it was told: "refuses connections (Something unusual has occurred … Please report this exception)". */
    @Test
    void beingStoppedWhileTryingIsNoReasonOfTheServer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                LoggedLines log = LoggedLines.of(Outage.class.getPackage())) {
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/app";
            var outage = new Outage(
                    "primary", PostgresConnector.direct(DatabaseSettings.of(url, "app", "secret")), () -> {}, () -> {});
            outage.begin("it is silent", true);
            try (Socket asked = silent.accept()) {
                assertThat(asked.getInputStream().read()).isNotNegative(); // it waits for an answer
                outage.close();
                await().until(() -> !outage.goesOn());
            }
            assertThat(log.lines()).hasSize(1);
        }
    }

    private static void tells(DatabaseSettings settings, String reason, String... words) {
        PoolSettings impatient = PoolSettings.defaults().withAcquireTimeout(Duration.ofSeconds(1));
        try (LoggedLines log = LoggedLines.of(Outage.class.getPackage());
                Database database = new Database(settings.withPool(impatient))) {
            for (int request = 0; request < 3; request++) {
                assertThatThrownBy(() -> database.list(Query.of("any", "select 1")))
                        .isInstanceOf(DatabaseUnavailable.class)
                        .hasMessageStartingWith(reason)
                        .hasMessageContainingAll(words);
            }
            assertThat(log.lines())
                    .first()
                    .asString()
                    .startsWith("SEVERE primary database: " + reason)
                    .contains(words)
                    .doesNotContain("secret", "wrong");
            assertThat(log.lines()).as("the same reason is told once").hasSize(1);
        }
    }
}

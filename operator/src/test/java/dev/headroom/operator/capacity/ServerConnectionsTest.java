package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.capacity.Budget.Limit;
import dev.headroom.operator.capacity.ServerConnections.Pods;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerConnectionsTest {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1");

    private TestPostgres.Database database;
    private Connection us;
    private String app;

    @BeforeEach
    void connect() throws SQLException {
        database = TestPostgres.database();
        us = database.connect();
        app = "app_" + database.name();
        run("create role " + app + " login password 'app' connection limit 7");
        run("alter database " + database.name() + " connection limit 20");
    }

    @AfterEach
    void close() throws SQLException {
        run("drop role " + app);
        us.close();
        database.close();
    }

    @Test
    void theLimitsOfServerDatabaseAndRoleAreRead() throws SQLException {
        try (Connection one = asApp();
                Connection two = asApp()) {
            assertThat(one.isValid(1) && two.isValid(1)).isTrue();

            ServerConnections server = ServerConnections.read(us, LOOPBACK, 0, _ -> List.of());

            assertThat(server.systemIdentifier()).isNotBlank();
            assertThat(server.limits())
                    .extracting(Limit::name)
                    .containsExactly(
                            "max_connections",
                            "CONNECTION LIMIT of database " + database.name(),
                            "CONNECTION LIMIT of role " + app);
            assertThat(server.limits().get(1).connections()).isEqualTo(20);
            assertThat(server.limits().get(2).connections()).isEqualTo(7);
            assertThat(Budget.of(server.systemIdentifier(), server.limits(), 0, 1)
                            .connections())
                    .isEqualTo(6);
        }
    }

    @Test
    void theOperatorsOwnRoleLimitIsNotThePods() throws SQLException {
        try (Connection plain = asApp()) {
            assertThat(plain.isValid(1)).isTrue();

            ServerConnections server = ServerConnections.read(plain, Set.of("10.1.2.3"), 0, _ -> List.of());

            assertThat(server.role()).isEmpty();
            assertThat(server.limits()).extracting(Limit::name).doesNotContain("CONNECTION LIMIT of role " + app);
            assertThat(Budget.of("", server.limits(), 0, 1).arithmetic())
                    .startsWith("budget 19 = CONNECTION LIMIT of database")
                    .endsWith("; the role of the pods is not known, so its CONNECTION LIMIT is left out");
        }
    }

    @Test
    void sessionsFromElsewhereThanThePodsAreOthers() throws SQLException {
        try (Connection one = asApp();
                Connection two = asApp()) {
            assertThat(one.isValid(1) && two.isValid(1)).isTrue();

            await().untilAsserted(() -> {
                Limit ofDatabase = ServerConnections.read(us, Set.of("10.1.2.3"), 0, _ -> List.of())
                        .limits()
                        .get(1);
                assertThat(ofDatabase.observedOthers()).isEqualTo(OptionalInt.of(3));
            });
        }
    }

    @Test
    void behindAddressTranslationAsManyArePodsAsTheySayToHold() throws SQLException {
        try (Connection one = asApp();
                Connection two = asApp()) {
            assertThat(one.isValid(1) && two.isValid(1)).isTrue();

            await().untilAsserted(() -> {
                ServerConnections server = ServerConnections.read(us, Set.of("10.1.2.3"), 2, _ -> List.of());
                assertThat(server.limits().get(1).observedOthers()).isEqualTo(OptionalInt.of(1));
                assertThat(server.active()).isNotEmpty();
            });
        }
    }

    @Test
    void sessionsThatWaitForALockAreNotAtWork() throws Exception {
        try (Connection holder = asApp();
                Connection waiter = asApp()) {
            holder.createStatement().execute("select pg_advisory_lock(14)");
            Thread waits = Thread.ofVirtual().start(() -> {
                try (Statement statement = waiter.createStatement()) {
                    statement.execute("select pg_advisory_lock(14)");
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });

            await().untilAsserted(() -> {
                ServerConnections server = ServerConnections.read(us, LOOPBACK, 0, _ -> List.of());
                assertThat(server.waitingForLocks()).isEqualTo(1);
                assertThat(server.active()).as("the session that asks").hasValue(1);
            });
            holder.createStatement().execute("select pg_advisory_unlock(14)");
            waits.join();
        }
    }

    @Test
    void aResourceBehindAProxyIsReckonedBesideOneThatIsSeen() throws SQLException {
        try (Connection one = asApp();
                Connection two = asApp()) {
            assertThat(one.isValid(1) && two.isValid(1)).isTrue();
            Pods seen = new Pods(database.name(), LOOPBACK, 10);
            Pods elsewhere = new Pods("elsewhere", Set.of("10.1.2.3"), 10);

            await().untilAsserted(() -> {
                assertThat(othersInDatabase(Set.of("10.1.2.4"), 2, seen)).isEqualTo(0);
                assertThat(othersInDatabase(Set.of("10.1.2.4"), 2, elsewhere)).isEqualTo(1);
                assertThat(othersInDatabase(Set.of("10.1.2.4"), 0, elsewhere)).isEqualTo(3);
            });
        }
    }

    private int othersInDatabase(Set<String> addresses, int held, Pods other) throws SQLException {
        return ServerConnections.read(us, addresses, held, _ -> List.of(other))
                .limits()
                .get(1)
                .observedOthers()
                .orElseThrow();
    }

    @Test
    void withoutTheRightToSeeOthersTheirNumberIsUnknown() throws SQLException {
        try (Connection plain = asApp()) {
            ServerConnections server = ServerConnections.read(plain, LOOPBACK, 0, _ -> List.of());

            assertThat(server.limits()).allMatch(limit -> limit.observedOthers().isEmpty());
            assertThat(server.role()).contains(app);
        }
    }

    private Connection asApp() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), app, "app");
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = us.createStatement()) {
            statement.execute(sql);
        }
    }
}

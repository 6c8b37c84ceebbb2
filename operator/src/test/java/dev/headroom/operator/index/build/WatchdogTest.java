package dev.headroom.operator.index.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.insight.Name;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.Sqls;
import dev.headroom.operator.index.TestOperator;
import dev.headroom.operator.index.build.ControlSession.WorkSession;
import dev.headroom.operator.index.build.IndexTask.Limits;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom the watchdog cancels, and what it does when the session that it watches is not there. */
class WatchdogTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(1), List.of(), false);

    private final Stop stop = new Stop();
    private TestPostgres.Database database;
    private DatabaseAccess access;
    private WorkSession session;

    @BeforeEach
    void open() {
        database = TestPostgres.database();
        access = TestOperator.access(database, database.user(), database.password());
        session = new WorkSession(access);
    }

    @AfterEach
    void close() {
        session.abort();
        database.close();
    }

    @Test
    void aStatementIsCancelledWhenItsWorkIsToStop() throws Exception {
        Connection connection = session.connection();
        Backend backend = Backend.of(connection);
        CompletableFuture<Void> running = sleeping(connection);
        try (Watchdog watchdog = watching(access, backend)) {
            stop.ask();

            assertThatThrownBy(running::join).hasMessageContaining("canceling statement");

            assertThat(said(watchdog)).isEqualTo("stopped");
            assertThat(connection.isClosed()).isFalse();
        }
    }

    /** The pid is the same; the session began at another time, or on another start of the server. */
    @Test
    void aSessionThatOnlyHasTheSamePidIsLeftAlone() throws Exception {
        Connection ours = session.connection();
        try (Connection stranger = database.connect()) {
            Backend real = Backend.of(stranger);
            CompletableFuture<Void> running = sleeping(stranger);
            stop.ask();
            for (Backend former : List.of(
                    new Backend(real.pid(), real.startedAt() - 1, real.serverStartedAt()),
                    new Backend(real.pid(), real.startedAt(), real.serverStartedAt() - 1))) {
                try (Watchdog watchdog = watching(access, former)) {
                    await().untilAsserted(() -> assertThat(said(watchdog)).contains("no such session"));
                }
                assertThat(running)
                        .as("the statement of a stranger with the same pid")
                        .isNotDone();
            }
            assertThat(ours.isClosed())
                    .as("the connection on which no answer can come")
                    .isTrue();
            try (Connection looking = access.open("test")) {
                assertThat(real.cancel(looking)).isTrue();
            }
            assertThatThrownBy(running::join).hasMessageContaining("canceling statement");
        }
    }

    @Test
    void aServerThatIsUnreachableForTooLongIsNotWaitedFor() throws Exception {
        Connection ours = session.connection();

        try (Watchdog watchdog = watching(new Unreachable(access), Backend.of(ours))) {
            await().untilAsserted(() -> assertThat(ours.isClosed()).isTrue());
            assertThat(said(watchdog)).contains("for 1 s");
        }
    }

    private Watchdog watching(DatabaseAccess way, Backend backend) {
        return new Watchdog(way, backend, new Name("public", "t"), LIMITS, stop, progress -> {}, session);
    }

    private static String said(Watchdog watchdog) {
        return String.valueOf(
                watchdog.explained(new SQLException("as it is", "57014")).getMessage());
    }

    private static CompletableFuture<Void> sleeping(Connection connection) {
        return CompletableFuture.runAsync(() -> {
            try {
                Sqls.run(connection, "select pg_sleep(60)");
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage());
            }
        });
    }

    /** Nobody answers at the address any more. */
    private record Unreachable(DatabaseAccess sound) implements DatabaseAccess {
        @Override
        public DatabaseSpec spec() {
            return sound.spec();
        }

        @Override
        public Connection open(String purpose) throws SQLException {
            throw new SQLException("connect timed out", "08001");
        }

        @Override
        public Connection openForWork(String purpose) throws SQLException {
            throw new SQLException("connect timed out", "08001");
        }
    }
}

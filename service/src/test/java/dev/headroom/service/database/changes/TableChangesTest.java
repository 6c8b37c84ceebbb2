package dev.headroom.service.database.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made of what comes over the channel, which is open to everybody, and of who is told. */
class TableChangesTest {
    private final PostgresServer postgres = TestPostgres.server();
    private final Database database =
            new Database(DatabaseSettings.of(postgres.jdbcUrl("postgres"), postgres.user(), postgres.password()));
    private final List<TableChanges> open = new ArrayList<>();

    @AfterEach
    void stop() {
        open.forEach(TableChanges::close);
        database.close();
        postgres.close();
    }

    /** Hears of everything, and fails to when it is told to. */
    private static final class Told implements TableChanges.Listener {
        private final List<Map<String, String>> notices = new CopyOnWriteArrayList<>();
        private final AtomicInteger listening = new AtomicInteger();
        private final AtomicInteger lost = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicBoolean failsToLose = new AtomicBoolean();
        private final Semaphore free = new Semaphore(1);

        @Override
        public void listening() {
            listening.incrementAndGet();
        }

        @Override
        public void changed(Map<String, String> changed) {
            free.acquireUninterruptibly();
            free.release();
            switch (failure.getAndSet(null)) {
                case RuntimeException mistake -> throw mistake;
                case Error error -> throw error;
                case null, default -> {}
            }
            notices.add(changed);
        }

        @Override
        public void heardAll(Duration ago) {
            // says nothing about what was heard
        }

        @Override
        public void lost() {
            if (failsToLose.getAndSet(false)) {
                throw new IllegalStateException("cannot be told of the loss");
            }
            lost.incrementAndGet();
        }

        private String latestOf(String table) {
            return notices.stream()
                    .filter(each -> each.containsKey(table))
                    .map(each -> String.valueOf(each.get(table)))
                    .reduce("", (_, later) -> later);
        }
    }

    private Told listening() {
        Told told = new Told();
        TableChanges changes = new TableChanges(database.direct(), told);
        open.add(changes);
        changes.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> told.listening.get() == 1);
        return told;
    }

    private void notify(String what) {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_notify('headroom', '" + what + "')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void instanceThatNeverReceivedChangesDoesNotSayThatItLostThem() {
        postgres.kill();
        try (LoggedLines log = LoggedLines.of(TableChanges.class.getPackage())) {
            Told told = new Told();
            TableChanges changes = new TableChanges(database.direct(), told);
            open.add(changes);

            changes.start();
            await().until(() -> !log.warnings().isEmpty());
            postgres.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> log.lines().size() == 2);

            assertThat(log.lines().getFirst())
                    .startsWith("WARNING the service does not receive changes of the database yet (");
            assertThat(log.lines().getLast()).isEqualTo("INFO the service receives changes of the database now");
        }
    }

    @Test
    void theSameNumberOnAnotherServerNamesAnotherChange() {
        Told one = listening();
        Told two = listening();
        notify("s.tasks 42");
        await().until(() ->
                !one.latestOf("s.tasks").isEmpty() && !two.latestOf("s.tasks").isEmpty());
        String before = one.latestOf("s.tasks");
        assertThat(two.latestOf("s.tasks")).isEqualTo(before);
        postgres.restart();
        await().atMost(Duration.ofSeconds(20)).until(() -> one.listening.get() == 2 && two.listening.get() == 2);
        notify("s.tasks 42");
        await().until(() -> one.notices.size() == 2 && two.notices.size() == 2);
        assertThat(one.latestOf("s.tasks"))
                .isNotEqualTo(before)
                .startsWith("42")
                .isEqualTo(two.latestOf("s.tasks"));
    }

    @Test
    void whatNoTriggerCanHaveSaidIsNothingAndNobodyIsToldOfIt() {
        Told told = listening();
        try (LoggedLines log = LoggedLines.of(TableChanges.class.getPackage())) {
            for (String what : List.of("", " ", "nonsense", "s.tasks", " 1", "s.tasks -1", "s.tasks 1 x")) {
                notify(what);
            }
            notify("x".repeat(7000) + " 1");
            notify("s.tasks " + "9".repeat(400));
            notify("s.a table with spaces 7");
            await().until(() -> !told.notices.isEmpty());
            assertThat(told.notices)
                    .singleElement()
                    .satisfies(only -> assertThat(only).containsOnlyKeys("s.a table with spaces"));
            assertThat(log.lines()).isEmpty();
        }
        assertThat(told.lost).hasValue(0);
    }

    @Test
    void howeverManyChangesComeAtOnceEachTableIsToldOnceWithItsLatest() throws Exception {
        Told told = listening();
        told.free.acquire();
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_notify('headroom', 's.first 0')");
            await().until(told.free::hasQueuedThreads); // it is being told of that one, and what comes now waits
            for (int number = 1; number <= 500; number++) {
                statement.execute("select pg_notify('headroom', 's.tasks %d')".formatted(number));
            }
            statement.execute("select pg_notify('headroom', 's.others 7')");
        } finally {
            told.free.release();
        }
        await().until(() -> !told.latestOf("s.others").isEmpty());
        assertThat(told.latestOf("s.tasks")).startsWith("500/");
        assertThat(told.notices).hasSizeLessThan(10); // of five hundred and two
    }

    @ParameterizedTest
    @MethodSource
    void whoFailsWhenItIsToldHasMissedItAndHearsOn(Throwable failure) {
        Told told = listening();
        try (LoggedLines log = LoggedLines.of(TableChanges.class.getPackage())) {
            told.failure.set(failure);
            notify("s.tasks 1");
            await().atMost(Duration.ofSeconds(20)).until(() -> told.listening.get() == 2);
            assertThat(told.lost).hasValue(1);
            notify("s.tasks 2");
            await().until(() -> told.latestOf("s.tasks").startsWith("2"));
            assertThat(log.warnings()).singleElement().asString().contains("a mistake of who is told");
        }
    }

    private static List<Throwable> whoFailsWhenItIsToldHasMissedItAndHearsOn() {
        return List.of(
                new IllegalStateException("a mistake of who is told"),
                new StackOverflowError("a mistake of who is told"));
    }

    @Test
    void listenerThatFailsWhenTheConnectionIsLostIsToldAgainAndHearsOn() {
        Told told = listening();
        try (LoggedLines log = LoggedLines.of(TableChanges.class.getPackage())) {
            told.failsToLose.set(true);
            told.failure.set(new IllegalStateException("a mistake of who is told"));
            notify("s.tasks 1");

            await().atMost(Duration.ofSeconds(20)).until(() -> told.listening.get() == 2);

            assertThat(told.lost).hasValue(1);
            notify("s.tasks 2");
            await().until(() -> told.latestOf("s.tasks").startsWith("2"));
            assertThat(log.warnings()).hasSize(1);
        }
    }
}

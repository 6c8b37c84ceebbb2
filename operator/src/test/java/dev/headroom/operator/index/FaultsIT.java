package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.expression;
import static dev.headroom.operator.index.Wanted.index;
import static dev.headroom.operator.index.Wanted.keys;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.crd.Mode;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong while somebody writes to the table. After each fault no INVALID index is left, the declared index is
 * valid or the status says why not, no write is lost, and none waited a second.
 */
class FaultsIT {
    private static final Wanted STATUS = index("ix", "tasks", "status");
    /** Takes some five seconds on 500 rows. */
    private static final Wanted SLOW =
            keys("ix", "tasks", expression("slow(n)")).where("id < 1000000");

    /** Far longer than any of these tests waits for something. */
    private static final Wanted VERY_SLOW =
            keys("iy", "tasks", expression("slow(n)")).where("id < 1000000");

    private static final String MANY = "insert into tasks select i, 's', i from generate_series(501, 9000) i";

    private TestPostgres.Database database;
    private TestOperator operator;
    private Writers writers;

    @BeforeEach
    void table() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create function slow(n int) returns int immutable language plpgsql as "
                        + "'begin perform pg_sleep(0.01); return n; end'",
                "create table tasks (id int primary key, status text, n int)",
                "create table elsewhere (id int)",
                "insert into tasks select i, 's' || i % 5, i from generate_series(1, 500) i");
        writers = Writers.on(database);
        operator = TestOperator.on(database);
    }

    @AfterEach
    void nothingIsBrokenOrLost() throws Exception {
        operator.settle();
        operator.close();
        writers.close();
        assertThat(Sqls.invalid(database)).isEmpty();
        assertThat(
                        Sqls.column(
                                database,
                                "select relname from pg_class where relname like 'headroom\\_new%' or relname like 'headroom\\_old%'"))
                .isEmpty();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"waiting for writers before build", "building index", "waiting for old snapshots"})
    void theClientIsKilledInAPhaseOfItsBuild(String phase) throws Exception {
        FragileAccess fragile = new FragileAccess(TestOperator.access(database, database.user(), database.password()));
        Wanted wanted = phase.equals("building index") ? SLOW : STATUS;
        TestOperator killed =
                TestOperator.as("shop", fragile).limits("20s", "30s").declare(wanted);
        Held held = switch (phase) {
            case "waiting for writers before build" ->
                Held.transaction(database, "insert into tasks values (-1, 'x', 1)");
            case "waiting for old snapshots" -> Held.snapshot(database);
            default -> Held.transaction(database, "select 1");
        };
        try (held) {
            killed.look();
            await().until(() -> phases().stream().anyMatch(each -> each.startsWith(phase)));
            fragile.tear();
            operator.limits("20s", "30s").declare(wanted);
            operator.until("ix", State.BUILDING);
        }
        operator.settle();
        assertThat(operator.status("ix").state()).isEqualTo(State.VALID);
        killed.close();
    }

    @Test
    void aSnapshotHeldForTheWholeTimeOutCostsTheBuildButLeavesNothing() throws Exception {
        operator.limits("1s", "30s").declare(SLOW).look();
        await().until(() -> phases().stream().anyMatch(each -> each.startsWith("building index")));
        try (Held held = Held.snapshot(database)) {
            String said = operator.until("ix", State.FAILED).message();
            assertThat(said).contains("lock timeout").contains("build.lockTimeout");
            lookUntilNothingIsInvalid();
            assertThat(held.connection().isClosed()).isFalse();
            operator.declare(STATUS);
            assertThat(operator.until("ix", State.BLOCKED).blockedBy()).contains("holds a snapshot since");
        }
        operator.settle();
        assertThat(operator.status("ix").state()).isEqualTo(State.VALID);
    }

    @Test
    void anIdleWriterIsNamedAndWaitedForOutside() throws Exception {
        try (Held idle = Held.transaction(database, "update tasks set n = 0 where id = 1 and status = 'secret'")) {
            await().until(() -> idleFor("1200 ms"));
            assertThat(idle.connection().isClosed()).isFalse();
            IndexStatus blocked = operator.limits("1s", "30s").declare(STATUS).until("ix", State.BLOCKED);
            assertThat(blocked.blockedBy())
                    .contains("idle in transaction", "update tasks set n", "pg_terminate_backend")
                    .doesNotContain("secret");
            assertThat(phases()).isEmpty();
        }
        operator.settle();
        assertThat(operator.status("ix").state()).isEqualTo(State.VALID);
    }

    @Test
    void aDuplicateKeyIsNamedAndTheBuildIsRepeatedWhenItIsGone() throws Exception {
        operator.declare(index("ix", "tasks", "n").unique());
        Sqls.run(database, "update tasks set n = 7 where id = 8");
        IndexStatus refused = operator.until("ix", State.REFUSED);
        assertThat(refused.message()).contains("Key (n)=(?) is duplicated").doesNotContain("(7)");
        lookUntilNothingIsInvalid();
        Sqls.run(database, "update tasks set n = 8 where id = 8");
        operator.until("ix", State.VALID);
    }

    @Test
    void aRowThatAnExpressionRefusesIsNotQuoted() throws Exception {
        operator.declare(keys("ix", "tasks", expression("status::int")));

        assertThat(operator.until("ix", State.FAILED).message())
                .contains("invalid input syntax for type integer: \"?\"");

        operator.declare();
    }

    @Test
    void aDeletionStopsTheBuildAndDropsWhatItLeft() throws Exception {
        Sqls.run(database, MANY);
        operator.limits("2s", "10m").removal(Removal.DROP).declare(STATUS).settle();
        operator.declare(STATUS, VERY_SLOW).look();
        building();

        operator.cleanUp();

        assertThat(phases()).isEmpty();
        assertThat(Sqls.indexes(database)).isEmpty();
        operator = TestOperator.on(database);
    }

    @Test
    void aDeletionWithRetainStopsTheBuildAndReleasesTheMarks() throws Exception {
        Sqls.run(database, MANY);
        operator.limits("2s", "10m").declare(STATUS).settle();
        operator.declare(STATUS, VERY_SLOW).look();
        building();

        operator.cleanUp();

        assertThat(phases()).isEmpty();
        try (TestOperator next =
                TestOperator.as("next", TestOperator.access(database, database.user(), database.password()))) {
            next.declare(index("ix", "tasks", "n")).settle();
            assertThat(next.status("ix").state()).isEqualTo(State.VALID);
        }
        operator = TestOperator.on(database);
    }

    @Test
    void aDeletionDoesNotWaitForTheBuildOfAnotherResource() throws Exception {
        Sqls.run(database, MANY, "create table other (id int, n int)");
        TestOperator queued = operator.beside("queued").removal(Removal.DROP).declare(index("iz", "other", "n"));
        queued.settle();
        operator.limits("2s", "10m").declare(VERY_SLOW).look();
        building();
        queued.declare(index("iz", "other", "n"), index("iw", "other", "id")).look();

        queued.cleanUp();

        assertThat(phases()).as("the build of the other resource").isNotEmpty();
        assertThat(Sqls.indexes(database)).isEmpty();
        operator.declare();
    }

    @Test
    void anEditedSpecCancelsTheBuildThatAFormerProcessLeft() throws Exception {
        Sqls.run(database, MANY);
        FragileAccess fragile = new FragileAccess(TestOperator.access(database, database.user(), database.password()));
        TestOperator killed =
                TestOperator.as("shop", fragile).limits("2s", "10m").declare(VERY_SLOW);
        killed.look();
        building();
        fragile.tear();
        killed.close();

        operator.declare(index("iy", "tasks", "status"));
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> operator.look().settled());

        assertThat(Sqls.indexes(database)).singleElement().asString().contains("(status)");
        assertThat(phases()).isEmpty();
    }

    @Test
    void aBuildOfSomebodyElseIsWaitedForBeforeALeftoverGoes() throws Exception {
        Sqls.run(database, leftover());
        try (Held writer = Held.transaction(database, "insert into tasks values (-2, 'x')");
                Connection builder = database.connect()) {
            CompletableFuture<Void> running = build(builder, "create index concurrently other on tasks (id, status)");

            operator.declare();
            await().untilAsserted(
                            () -> assertThat(onlyStatus().blockedBy()).contains("create index concurrently other"));

            assertThat(running).isNotDone();
            writer.connection().rollback();
            running.join();
        }
        operator.settle();
        Sqls.run(database, "drop index other");
    }

    /** The server hides from roles without pg_monitor what others build, so it may be the leftover. */
    @Test
    void aBuildThatOurRoleMayNotSeeIsWaitedForAsWell() throws Exception {
        String role = "r" + database.name();
        Sqls.run(database, leftover());
        Sqls.run(
                database,
                "create role " + role + " login password 'p'",
                "grant create on schema public to " + role,
                "alter table tasks owner to " + role);
        try (Held writer = Held.transaction(database, "insert into tasks values (-2, 'x')");
                TestOperator shop = TestOperator.as("shop", TestOperator.access(database, role, "p"));
                Connection builder = database.connect()) {
            CompletableFuture<Void> running = build(builder, "create index concurrently other on tasks (id, status)");

            await().untilAsserted(() -> assertThat(TestOperator.statuses(shop.look()))
                    .singleElement()
                    .extracting(IndexStatus::blockedBy, as(STRING))
                    .contains("holds a lock on the table"));

            writer.connection().rollback();
            running.join();
            shop.settle();
        }
        Sqls.run(
                database,
                "drop index other",
                "alter table tasks owner to current_user",
                "drop owned by " + role,
                "drop role " + role);
    }

    private CompletableFuture<Void> build(Connection builder, String sql) {
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> {
            try {
                Sqls.run(builder, sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> !phases().isEmpty());
        return running;
    }

    @Test
    void aLeftoverThatCannotBeDroppedYetHoldsUpNoBuild() throws Exception {
        Sqls.run(database, leftover());
        operator.limits("1s", "30s");
        try (Held reader = Held.transaction(database, "lock table tasks in access share mode")) {
            await().until(() -> idleFor("1200 ms"));
            operator.declare(SLOW);

            operator.until("ix", State.VALID);

            assertThat(reader.connection().isClosed()).isFalse();
            assertThat(Sqls.invalid(database)).hasSize(1);
        }
    }

    /** An INVALID index under the name that a build of ours has while it goes on, and that nobody wants any more. */
    private String[] leftover() throws Exception {
        operator.mode(Mode.OBSERVE).declare(index("gone", "tasks", "n", "id"));
        String create = TestOperator.pending(operator.look()).getFirst();
        operator.mode(Mode.APPLY);
        String name = create.replaceFirst("CREATE INDEX CONCURRENTLY \"(.*?)\".*", "$1");
        return new String[] {
            create.replace("CONCURRENTLY ", ""),
            "update pg_index set indisvalid = false where indexrelid = '" + name + "'::regclass"
        };
    }

    private IndexStatus onlyStatus() throws Exception {
        List<IndexStatus> statuses = TestOperator.statuses(operator.look());
        assertThat(statuses).hasSize(1);
        return statuses.getFirst();
    }

    /** Looks meanwhile, as a reconciler does: a build that found something in its way is tried again by the next look. */
    private void building() {
        await().atMost(Duration.ofSeconds(40)).until(() -> {
            operator.look();
            return phases().stream().anyMatch(each -> each.startsWith("building index"));
        });
    }

    @Test
    void aDropThatTimesOutIsFinished() throws Exception {
        // Above what the drop takes to begin on a busy machine: an older reader would be waited for outside.
        operator.removal(Removal.DROP).limits("4s", "30s").declare(STATUS).settle();
        try (Held reader = Held.transaction(database, "select count(*) from tasks")) {
            operator.declare().look();
            await().until(() -> Sqls.invalid(database).equals(List.of("ix")));
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(
                            () -> assertThat(operator.status("ix").blockedBy()).contains("read the table"));
            assertThat(Sqls.invalid(database))
                    .as("what the drop left when its time was over")
                    .containsExactly("ix");
            assertThat(reader.connection().isClosed()).isFalse();
        }
        operator.settle();
        assertThat(Sqls.indexes(database)).isEmpty();
    }

    @Test
    void aBuildThatTakesTooLongIsCancelledAndSaysSo() throws Exception {
        operator.limits("1s", "1s").declare(SLOW);
        assertThat(operator.until("ix", State.FAILED).message()).contains("build.statementTimeout");
        lookUntilNothingIsInvalid();
        operator.limits("2s", "30s");
    }

    @Test
    void aBuildThatRunsOutOfRoomSaysSo() throws Exception {
        Sqls.run(
                database,
                "insert into tasks select i, repeat(md5(i::text), 10), i from generate_series(1000, 40000) i",
                "alter role current_user in database " + database.name() + " set temp_file_limit = '64kB'",
                "alter role current_user in database " + database.name() + " set maintenance_work_mem = '1MB'");
        operator.declare(STATUS);
        assertThat(operator.until("ix", State.FAILED).message()).contains("temp_file_limit");
        Sqls.run(database, "alter role current_user in database " + database.name() + " reset all");
    }

    @Test
    void aBuildGivesWayToWhoeverWantsToChangeTheTable() throws Exception {
        operator.limits("20s", "30s").declare(SLOW).look();
        await().until(() -> phases().stream().anyMatch(each -> each.startsWith("building index")));
        Sqls.run(database, "alter table tasks add column more int");
        assertThat(operator.until("ix", State.FAILED).message()).contains("gave way to pid");
        operator.until("ix", State.VALID);
    }

    @Test
    void twoOperatorsWithoutALeaseBuildOneIndex() throws Exception {
        TestOperator second = TestOperator.on(database).declare(STATUS);
        operator.declare(STATUS).look();
        second.look();
        second.settle();
        operator.settle();
        operator.stop(); // its history is written at the end of its work
        second.stop();
        assertThat(Sqls.indexes(database)).hasSize(1);
        assertThat(Sqls.column(
                        database, "select success from headroom_index_history where version <> '0' and not success"))
                .isEmpty();
    }

    @Test
    void aRotatedPasswordIsPickedUpInTheMiddleOfABuild() throws Exception {
        String role = "r" + database.name();
        Sqls.run(
                database,
                "create role " + role + " login password 'old'",
                "alter table tasks owner to " + role,
                "grant create on schema public to " + role);
        try (TestOperator shop = TestOperator.as("rotated", TestOperator.access(database, role, "old"))) {
            shop.declare(SLOW).look();
            await().until(() -> phases().stream().anyMatch(each -> each.startsWith("building index")));
            Sqls.run(database, "alter role " + role + " password 'new'");
            shop.database(TestOperator.access(database, role, "new"));
            shop.until("ix", State.VALID);
        }
        Sqls.run(database, "alter table tasks owner to current_user", "drop owned by " + role, "drop role " + role);
    }

    @Test
    void stoppingInTheMiddleOfABuildLeavesNothingBehind() throws Exception {
        operator.declare(SLOW).look();
        await().until(() -> phases().stream().anyMatch(each -> each.startsWith("building index")));
        operator.close();
        assertThat(Sqls.invalid(database)).isEmpty();
        assertThat(phases()).isEmpty();
        operator.look();
        assertThat(phases()).as("a look after the stop begins nothing").isEmpty();
        operator = TestOperator.on(database).declare(SLOW);
    }

    /** Looks on, as the reconciler does after each work: a look at work's very end begins nothing. */
    private void lookUntilNothingIsInvalid() {
        await().untilAsserted(() -> {
            operator.look();
            assertThat(Sqls.invalid(database)).isEmpty();
        });
    }

    private List<String> phases() throws Exception {
        return Sqls.column(
                database, "select phase from pg_stat_progress_create_index where datname = current_database()");
    }

    private boolean idleFor(String time) throws Exception {
        return !Sqls.column(
                        database,
                        "select pid from pg_stat_activity where state = 'idle in transaction' and datname = current_database()"
                                + " and clock_timestamp() - xact_start > interval '" + time + "'")
                .isEmpty();
    }
}

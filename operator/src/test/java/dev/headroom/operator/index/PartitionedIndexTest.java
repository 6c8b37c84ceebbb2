package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.pending;
import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.crd.Mode;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionedIndexTest {
    private TestPostgres.Database database;
    private TestOperator operator;

    @BeforeEach
    void events() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create table events (at int, kind text) partition by range (at)",
                "create table events_1 partition of events for values from (0) to (100)",
                "create table events_2 partition of events for values from (100) to (200) partition by list (kind)",
                "create table events_2a partition of events_2 for values in ('k0', 'k1')",
                "create table events_2b partition of events_2 default",
                "insert into events select i, 'k' || i % 3 from generate_series(0, 199) i");
        operator = TestOperator.on(database);
    }

    @AfterEach
    void close() {
        operator.close();
        database.close();
    }

    @Test
    void eachPartitionIsBuiltAndAttachedHoweverDeep() throws Exception {
        operator.declare(index("ix_events_kind", "events", "kind")).settle();
        assertThat(operator.status("ix_events_kind").state()).isEqualTo(State.VALID);
        assertThat(Sqls.invalid(database)).isEmpty();
        assertThat(Sqls.column(database, "select relid::regclass from pg_partition_tree('ix_events_kind')"))
                .hasSize(5);
        assertThat(Sqls.column(database, "select relname from pg_class where relname like 'headroom_new%'"))
                .isEmpty();
    }

    @Test
    void aPartitionThatComesLaterHasItToo() throws Exception {
        operator.declare(index("ix", "events", "kind")).settle();
        Sqls.run(database, "create table events_3 partition of events for values from (200) to (300)");
        assertThat(pending(operator.look())).isEmpty();
        assertThat(Sqls.column(database, "select relid from pg_partition_tree('ix') where isleaf"))
                .hasSize(4);
    }

    @Test
    void aUniqueIndexWithoutAKeyOfAPartitionIsRefusedAndObserveSaysSo() throws Exception {
        operator.mode(Mode.OBSERVE)
                .declare(
                        index("without", "events", "kind").unique(),
                        index("half", "events", "at").unique(),
                        index("whole", "events", "kind", "at").unique());

        assertThat(operator.status("without").message()).contains("public.events ", "at is missing");
        assertThat(operator.status("half").message()).contains("public.events_2 ", "kind is missing");
        assertThat(operator.status("whole").state()).isEqualTo(State.PENDING);
    }

    @Test
    void itIsReplacedAndDroppedAsAWhole() throws Exception {
        operator.declare(index("ix", "events", "kind")).settle();
        operator.declare(index("ix", "events", "kind", "at")).settle();
        assertThat(Sqls.column(database, "select relid from pg_partition_tree('ix')"))
                .hasSize(5);
        assertThat(Sqls.indexes(database)).hasSize(5).allMatch(sql -> sql.contains("(kind, at)"));
        operator.removal(Removal.DROP).declare().settle();
        assertThat(Sqls.indexes(database)).isEmpty();
    }

    /** The other one sees to the same index, or to one that is declared on the partition alone. */
    @Test
    void anotherHeadroomOnAPartitionOrItsParentIsWaitedFor() throws Exception {
        operator.declare(index("ix", "events", "kind"));
        try (Connection other = database.connect()) {
            lock(other, "pg_advisory_lock", "events_1");
            assertThat(operator.until("ix", State.BLOCKED).blockedBy())
                    .contains("another Headroom, which is at work on")
                    .contains("public.events_1");
            assertThat(Sqls.column(database, "select relname from pg_class where relname like 'headroom_new%'"))
                    .as("the frame alone")
                    .hasSize(1);

            lock(other, "pg_advisory_lock", "events");
            lock(other, "pg_advisory_unlock", "events_1");
            await().during(Duration.ofSeconds(7))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> operator.status("ix").state() == State.BLOCKED);
        }
        operator.until("ix", State.VALID);
    }

    private static void lock(Connection session, String function, String table) throws SQLException {
        Sqls.run(session, "select " + function + "(x'4844524d'::int, hashtext('\"public\".\"" + table + "\"'))");
    }

    @Test
    void aFrameThatWasBegunIsFinished() throws Exception {
        operator.declare(index("ix", "events", "kind")).settle();
        String mark = Sqls.column(database, "select obj_description('ix'::regclass, 'pg_class')")
                .getFirst();
        Sqls.run(database, "drop index ix");
        String begun = pending(operator.look()).stream()
                .filter(sql -> sql.startsWith("CREATE INDEX \"headroom_new"))
                .findFirst()
                .orElseThrow();
        operator.settle();
        Sqls.run(database, "drop index ix", begun);
        operator.settle();
        assertThat(Sqls.invalid(database)).isEmpty();
        assertThat(Sqls.column(database, "select obj_description('ix'::regclass, 'pg_class')"))
                .containsExactly(mark);
    }
}

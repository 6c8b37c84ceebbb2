package dev.headroom.operator.index.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexesSpec;
import dev.headroom.operator.crd.IndexesSpec.Adopt;
import dev.headroom.operator.crd.IndexesSpec.BuildSpec;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.Sqls;
import dev.headroom.operator.index.TestOperator;
import dev.headroom.operator.index.Wanted;
import dev.headroom.operator.index.look.Observer.Observation;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Step;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookSessionsTest {
    private static final Set<String> PUBLIC = Set.of("public");

    private final LookSessions sessions = new LookSessions();
    private TestPostgres.Database database;
    private Counted access;

    @BeforeEach
    void tables() throws Exception {
        database = TestPostgres.database();
        access = new Counted(TestOperator.access(database, database.user(), database.password()));
        Sqls.run(
                database,
                "create table tasks (id int primary key, n int)",
                "create table notes (id int primary key, task int references tasks)",
                "create index ix_n on tasks (n)");
    }

    @AfterEach
    void noSessionIsLeftOpen() {
        assertThat(access.open()).isZero();
        database.close();
    }

    @Test
    void looksThatWaitShareTheNextReadOnTheSameSession() throws Exception {
        FutureTask<Catalog> first = new FutureTask<>(() -> sessions.read(access, PUBLIC));
        FutureTask<Catalog> second = new FutureTask<>(() -> sessions.read(access, PUBLIC));
        FutureTask<Catalog> third = new FutureTask<>(() -> sessions.read(access, PUBLIC));
        try (Connection locker = database.connect()) {
            locker.setAutoCommit(false);
            Sqls.run(locker, "create index later on notes (task)", "lock table tasks in access exclusive mode");
            Thread.ofPlatform().start(first);
            await().until(() -> !Sqls.column(
                            database,
                            "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                    .isEmpty());
            startAndAwaitWaiting(second);
            startAndAwaitWaiting(third);
            locker.commit();
        }

        assertThat(indexes(first.get())).contains("ix_n").doesNotContain("later");
        assertThat(indexes(second.get())).contains("ix_n", "later");
        assertThat(third.get()).isSameAs(second.get());
        assertThat(access.opened()).isEqualTo(1);
    }

    @Test
    void whoSharesAReadThatFailsReadsAlone() throws Exception {
        access.refuseNext();
        assertThatThrownBy(() -> sessions.read(access, PUBLIC)).isInstanceOf(SQLException.class);

        assertThat(sessions.read(access, PUBLIC).tables()).hasSize(2);
    }

    @Test
    void ofADatabaseThatIsLookedAtOftenOnlyChangesAreReadAgain() throws Exception {
        sessions.read(access, PUBLIC);
        Catalog second = sessions.read(access, PUBLIC);
        Sqls.run(database, "alter index ix_n rename to ix_renamed", "create index later on notes (task)");

        Catalog third = sessions.read(access, PUBLIC);

        assertThat(index(third.state(), "notes_pkey")).isSameAs(index(second.state(), "notes_pkey"));
        assertThat(indexes(third)).containsExactly("later", "notes_pkey", "ix_renamed", "tasks_pkey");
        assertThat(index(third.state(), "ix_renamed").definition()).startsWith("CREATE INDEX ix_renamed ON");
    }

    @Test
    void aStepReadsNoDefinitionsAgainButItsOwn() throws Exception {
        Observer observer = observer(Map.of());
        try (Connection session = database.connect()) {
            Observation seen = observer.observe(session);
            IndexPlan.Entry entry = seen.plan().firstToDo().orElseThrow();
            Step.Build build = (Step.Build) entry.step().orElseThrow();
            Index before = index(seen.state(), "ix_n");
            Sqls.run(session, build.sql().getFirst());

            IndexPlan.Entry next =
                    observer.again(session, seen, entry, build.tables()).orElseThrow();

            assertThat(index(seen.state(), "ix_n")).isSameAs(before);
            assertThat(index(seen.state(), build.as()).state()).isEqualTo(Index.IndexState.VALID);
            assertThat(next.step()).containsInstanceOf(Step.Rename.class);
        }
    }

    @Test
    void aStepSeesTheIndexesThatCameAndWentMeanwhile() throws Exception {
        Observer observer = observer(Map.of());
        try (Connection session = database.connect()) {
            Observation seen = observer.observe(session);
            IndexPlan.Entry entry = seen.plan().firstToDo().orElseThrow();
            Set<Name> tables = entry.step().orElseThrow().tables();

            Sqls.run(database, "create index twin on tasks (n, id)");
            assertThat(observer.again(session, seen, entry, tables)
                            .orElseThrow()
                            .decision())
                    .isInstanceOf(Decision.Satisfied.class);

            Sqls.run(database, "drop index twin");
            assertThat(observer.again(session, seen, entry, tables)
                            .orElseThrow()
                            .step())
                    .containsInstanceOf(Step.Build.class);

            Sqls.run(database, "drop index ix_n", "create index ix_tasks_n_id on tasks (id)");
            assertThat(observer.again(session, seen, entry, tables)
                            .orElseThrow()
                            .step())
                    .containsInstanceOf(Step.Build.class);
            assertThat(seen.state().index(new Name("public", "ix_n"))).isEmpty();
        }
    }

    private static Index index(DatabaseState state, String name) {
        return state.index(new Name("public", name)).orElseThrow();
    }

    /** The map of what others declare is copied by each planner that is made. */
    @Test
    void noSessionIsOpenWhilePlanning() throws Exception {
        List<Integer> openWhilePlanning = new ArrayList<>();
        Map<Name, ResourceId> elsewhere = new AbstractMap<>() {
            @Override
            public Set<Entry<Name, ResourceId>> entrySet() {
                openWhilePlanning.add(access.open());
                return Set.of();
            }
        };
        Observer observer = observer(elsewhere);

        Observation seen = observer.plan(observer.read(sessions, access), sessions.of(access));

        assertThat(seen.plan().entries()).hasSize(2);
        assertThat(access.opened())
                .as("to read, and to ask what two indexes would be")
                .isEqualTo(3);
        assertThat(openWhilePlanning).isNotEmpty().containsOnly(0);
    }

    private Observer observer(Map<Name, ResourceId> elsewhere) {
        return new Observer(
                spec(),
                new Owner("cluster-1", "prod/shop", "uid-1", Owner.Adoption.IF_RECREATED),
                Map.of(),
                elsewhere,
                new ShapeProbe());
    }

    private static List<String> indexes(Catalog catalog) {
        return catalog.structure().indexes().stream()
                .map(index -> index.name().name())
                .toList();
    }

    private DbPerformanceSpec spec() {
        return DbPerformanceSpec.of(
                Mode.OBSERVE,
                access.spec(),
                new IndexesSpec(
                        null,
                        List.of(Wanted.index("ix_tasks_n_id", "tasks", "n", "id")
                                .declaration()),
                        new ForeignKeysSpec(ForeignKeysSpec.Policy.CREATE, List.of()),
                        Removal.RETAIN,
                        Adopt.IF_RECREATED,
                        BuildSpec.DEFAULT));
    }

    private static void startAndAwaitWaiting(FutureTask<Catalog> look) {
        Thread thread = Thread.ofPlatform().start(look);
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    /** Counts its sessions. */
    private static final class Counted implements DatabaseAccess {
        private final DatabaseAccess database;
        private final Queue<Connection> sessions = new ConcurrentLinkedQueue<>();
        private boolean refuses;

        Counted(DatabaseAccess database) {
            this.database = database;
        }

        void refuseNext() {
            refuses = true;
        }

        int opened() {
            return sessions.size();
        }

        int open() {
            return (int) sessions.stream().filter(Counted::isOpen).count();
        }

        private static boolean isOpen(Connection session) {
            try {
                return !session.isClosed();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public DatabaseSpec spec() {
            return database.spec();
        }

        @Override
        public Connection open(String purpose) throws SQLException {
            if (refuses) {
                refuses = false;
                throw new SQLException("refused", "28P01");
            }
            Connection session = database.open(purpose);
            sessions.add(session);
            return session;
        }

        @Override
        public Connection openForWork(String purpose) throws SQLException {
            return open(purpose);
        }
    }
}

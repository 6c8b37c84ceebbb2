package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.insight.Name;
import dev.headroom.operator.concern.Concern.Cleanup;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.IndexesSpec;
import dev.headroom.operator.crd.IndexesSpec.Adopt;
import dev.headroom.operator.crd.IndexesSpec.BuildSpec;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec.Exclusion;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.build.IndexWork.WorkObserver;
import dev.headroom.testkit.TestPostgres;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One operator with one resource, looked at as the reconciler would, and as impatiently as a test has to. */
public final class TestOperator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PACE = Duration.ofMillis(100);

    private final Semaphore moved = new Semaphore(0);
    private final IndexConcern concern;
    private final ResourceId id;
    private ResourceState state;
    private @Nullable DbPerformanceStatus status;
    private DatabaseAccess database;
    private List<IndexDeclaration> declared = List.of();
    private List<ResourceView> siblings = List.of();
    private ForeignKeysSpec foreignKeys = ForeignKeysSpec.REPORT;
    private Removal removal = Removal.RETAIN;
    private Adopt adopt = Adopt.IF_RECREATED;
    private Set<String> existing = Set.of();
    private Mode mode = Mode.APPLY;
    private BuildSpec build = new BuildSpec("2s", "30s", null, null);

    private TestOperator(IndexConcern concern, DatabaseAccess database, ResourceId id) {
        this.concern = concern;
        this.database = database;
        this.id = id;
        this.state = concern.open(Clock.systemUTC());
    }

    public static TestOperator on(TestPostgres.Database database, String... schemas) {
        return as("shop", access(database, database.user(), database.password(), schemas));
    }

    public static TestOperator as(String name, DatabaseAccess database) {
        return new TestOperator(
                new IndexConcern("cluster-1", WorkObserver.NONE),
                database,
                new ResourceId("prod", name, "uid-" + name));
    }

    /** The operator of this cluster, with a resource prod/name of this uid. */
    public static TestOperator of(String cluster, String name, String uid, DatabaseAccess database) {
        return new TestOperator(
                new IndexConcern(cluster, WorkObserver.NONE), database, new ResourceId("prod", name, uid));
    }

    /** Another resource on the same database, seen to by the same operator. */
    public TestOperator beside(String name) {
        return new TestOperator(concern, database, new ResourceId("prod", name, "uid-" + name));
    }

    public static DatabaseAccess access(
            TestPostgres.Database database, String user, String password, String... schemas) {
        return new DirectAccess(
                database.jdbcUrl(),
                database.host(),
                database.port(),
                database.name(),
                user,
                password,
                schemas.length == 0 ? List.of("public") : List.of(schemas));
    }

    public TestOperator declare(Wanted... wanted) {
        declared = Stream.of(wanted).map(Wanted::declaration).toList();
        return this;
    }

    /** As if another resource on the database declared this index. */
    public TestOperator declaredElsewhere(Name index, String by) {
        IndexDeclaration theirs =
                Wanted.index(index.name(), "t", "a").in(index.schema()).declaration();
        DbPerformanceSpec spec = DbPerformanceSpec.of(
                Mode.APPLY,
                database.spec(),
                new IndexesSpec(
                        null, List.of(theirs), ForeignKeysSpec.REPORT, Removal.RETAIN, Adopt.IF_RECREATED, build));
        siblings = List.of(
                new ResourceView(new ResourceId("prod", by, "uid-" + by), spec, null, Instant.MAX, null, Pauses.NONE));
        return this;
    }

    public TestOperator foreignKeys(ForeignKeysSpec.Policy policy, Exclusion... exclude) {
        foreignKeys = new ForeignKeysSpec(policy, List.of(exclude));
        return this;
    }

    public TestOperator removal(Removal rule) {
        removal = rule;
        return this;
    }

    /** Says whose indexes are taken over, and which resources the cluster has. */
    public TestOperator adopt(Adopt rule, String... existing) {
        adopt = rule;
        this.existing = Set.of(existing);
        return this;
    }

    public TestOperator mode(Mode other) {
        mode = other;
        return this;
    }

    public TestOperator limits(String lock, String statement) {
        build = new BuildSpec(lock, statement, null, null);
        return this;
    }

    /** Looks when something moved, as the reconciler does: for a measurement, since looking costs. */
    public ConcernReport settleUnhurried() throws SQLException, InterruptedException {
        ConcernReport report = look();
        while (!report.settled()) {
            if (moved.tryAcquire(report.next().toMillis(), TimeUnit.MILLISECONDS)) {
                moved.drainPermits();
            }
            report = look();
        }
        return report;
    }

    public TestOperator database(DatabaseAccess other) {
        database = other;
        return this;
    }

    public ConcernReport look() throws SQLException {
        try {
            ConcernReport report = concern.reconcile(pass(), state);
            status = report.status();
            return report;
        } catch (Pass.NoDatabase e) {
            throw new AssertionError(e);
        }
    }

    public IndexStatus status(String index) throws SQLException {
        return statuses(look()).stream()
                .filter(each -> each.name().equals(index))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no status for " + index));
    }

    /** Looks until nothing is left to be done by itself. */
    public ConcernReport settle() {
        AtomicReference<ConcernReport> last = new AtomicReference<>();
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(PACE).untilAsserted(() -> {
            last.set(look());
            assertThat(last.get().settled()).as("%s", last.get()).isTrue();
        });
        return last.get();
    }

    /** Looks until the index is in that state. A look that fails is a look that failed, as for the reconciler. */
    public IndexStatus until(String index, State state) {
        AtomicReference<IndexStatus> last = new AtomicReference<>();
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> {
                    last.set(status(index));
                    assertThat(last.get().state()).as("%s", last.get()).isEqualTo(state);
                });
        return last.get();
    }

    /** A new process, which has nothing but the status. */
    public TestOperator restart() {
        stop();
        state = concern.open(Clock.systemUTC());
        return this;
    }

    public String cleanUp() {
        List<String> said = new ArrayList<>();
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(PACE).untilAsserted(() -> {
            Cleanup cleanup = concern.cleanUp(pass(), state);
            assertThat(cleanup.done()).as(cleanup.message()).isTrue();
            said.add(cleanup.message());
        });
        return said.getFirst();
    }

    public static List<IndexStatus> statuses(ConcernReport report) {
        return report.status().indexes();
    }

    /** The statements that are to be run. */
    public static List<String> pending(ConcernReport report) {
        return statuses(report).stream().flatMap(each -> each.sql().stream()).toList();
    }

    public static Verdict verdict(ConcernReport report) {
        return report.verdicts().get("IndexesReady");
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends the work, as the operator does when it stops. */
    public void stop() {
        state.close();
        try {
            state.awaitEnd(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One try to clean up while the way to the database is not known. */
    public Cleanup cleanUpWithoutDatabase() throws Exception {
        return concern.cleanUp(
                pass(() -> {
                    throw new Pass.NoDatabase(Verdict.unknown(Reason.SECRET_MISSING, "secret prod/db does not exist"));
                }),
                state);
    }

    private Pass pass() {
        return pass(() -> database);
    }

    private Pass pass(Pass.DatabaseLookup lookup) {
        IndexesSpec indexes = new IndexesSpec(null, declared, foreignKeys, removal, adopt, build);
        ResourceView resource = new ResourceView(
                id, DbPerformanceSpec.of(mode, database.spec(), indexes), status, Instant.EPOCH, null, Pauses.NONE);
        return Pass.over(resource, mode, lookup, others(), () -> true, Clock.systemUTC())
                .of(concern, moved::release);
    }

    private Pass.OtherResources others() {
        return new Pass.OtherResources() {
            @Override
            public List<ResourceView> onSameDatabase() {
                return siblings;
            }

            @Override
            public Set<String> names() {
                return existing;
            }
        };
    }
}

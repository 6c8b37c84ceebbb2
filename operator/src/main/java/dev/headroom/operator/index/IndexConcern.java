package dev.headroom.operator.index;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexesSpec;
import dev.headroom.operator.crd.IndexesSpec.Adopt;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.build.History;
import dev.headroom.operator.index.build.IndexWork;
import dev.headroom.operator.index.build.IndexWork.Order;
import dev.headroom.operator.index.build.IndexWork.WorkObserver;
import dev.headroom.operator.index.build.Outcome;
import dev.headroom.operator.index.build.WorkQueue;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Catalog;
import dev.headroom.operator.index.look.LookSessions;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.Observer.Observation;
import dev.headroom.operator.index.look.ShapeProbe;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Owner.Adoption;
import dev.headroom.operator.index.plan.Owner.Mark;
import dev.headroom.operator.index.plan.Simulation;
import dev.headroom.operator.index.plan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the declared indexes in the database: looks, decides, has it done on another thread, reports. */
public final class IndexConcern implements Concern<ResourceState> {

    /** With the last question to the database after it, five seconds in all (decision 0055). */
    private static final Duration RETAIN_PATIENCE = Duration.ofSeconds(4);

    private final WorkQueue queue = new WorkQueue();
    private final History history = new History();
    private final LookSessions sessions = new LookSessions();
    private final String cluster;
    private final WorkObserver listener;

    /** @param cluster its identity, which stands in the marks of its resources' indexes */
    public IndexConcern(String cluster, WorkObserver listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    @Override
    public List<String> conditions(DbPerformanceSpec spec) {
        return List.of(DbPerformanceStatus.INDEXES_READY);
    }

    @Override
    public Mode mode(DbPerformanceSpec spec) {
        return spec.indexMode();
    }

    @Override
    public List<SpecRules.Breach> breaches(DbPerformanceSpec spec) {
        return SpecRules.ofIndexes(spec);
    }

    @Override
    public Map<String, String> claims(DbPerformanceSpec spec) {
        return IndexClaims.names(spec);
    }

    @Override
    public ResourceState open(Clock clock) {
        return new ResourceState(clock);
    }

    @Override
    public ConcernReport reconcile(Pass pass, ResourceState state) throws SQLException, Pass.NoDatabase {
        if (!pass.mayAct()) {
            state.running().ifPresent(IndexWork::cancel);
        }
        IndexClaims claims = IndexClaims.of(pass);
        Observer observer = new Observer(pass.spec(), owner(pass), claims.taken(), claims.elsewhere(), state.probe);
        DatabaseAccess database = pass.database();
        Catalog catalog = observer.read(sessions, database);
        Optional<String> refusal = catalog.server().refusal();
        if (refusal.isPresent()) {
            return IndexReport.unsupported(refusal.get());
        }
        state.lookedAt(catalog.server().identity());
        Observation seen = observer.plan(catalog, sessions.of(database));
        if (pass.mayAct()) {
            act(pass, database, state, observer, seen);
        }
        UsageWindow window = state.usage()
                .window(
                        catalog.usage(),
                        catalog.structure().indexes(),
                        pass.clock().instant(),
                        pass.resource().status());
        return report(pass, state, seen, window, catalog.builds());
    }

    private void act(Pass pass, DatabaseAccess database, ResourceState state, Observer observer, Observation seen) {
        boolean due = seen.plan().entries().stream()
                .anyMatch(entry -> entry.step().isPresent() && state.attempts.isDue(entry, seen.state()));
        if (due || state.running().isPresent()) {
            state.work(order(pass, database, state, observer, seen, false));
        }
        // Where the work under way builds it, no other session has to be asked to.
        for (IndexPlan.Entry entry : seen.plan().entries()) {
            if (entry.step().orElse(null) instanceof Step.Cancel cancel) {
                state.running().ifPresent(work -> work.abandon(cancel.index().name()));
            }
        }
    }

    private Order order(
            Pass pass,
            DatabaseAccess database,
            ResourceState state,
            Observer observer,
            Observation seen,
            boolean cleanup) {
        return new Order(
                database,
                observer,
                seen.copy(),
                cleanup,
                pass.spec().indexes().build(),
                state.attempts,
                queue,
                history,
                pass.clock(),
                listener,
                pass::mayAct,
                pass::progressed);
    }

    private ConcernReport report(
            Pass pass, ResourceState state, Observation seen, UsageWindow window, Map<Long, BuildProgress> builds) {
        IndexStates states = new IndexStates(
                pass.mayAct(),
                Simulation.play(seen.planner(), seen.state()).statements(),
                state.attempts,
                state.running().flatMap(IndexWork::live),
                builds,
                seen.server().blindness());
        List<IndexStatus> indexes =
                seen.plan().entries().stream().map(states::of).toList();
        IndexReport report = new IndexReport(
                indexes,
                FindingTexts.of(
                        seen,
                        owner(pass),
                        Optional.of(window),
                        pass.spec().indexes().foreignKeys()),
                state.usage().status(seen.structure()),
                pass.mayAct(),
                state.running().filter(IndexWork::isWaiting).isPresent());
        return report.asReport(state.reported(indexes));
    }

    @Override
    public Duration patience(DbPerformanceSpec spec, Duration longest) {
        return retains(spec) && longest.compareTo(RETAIN_PATIENCE) > 0 ? RETAIN_PATIENCE : longest;
    }

    @Override
    public Cleanup cleanUp(Pass pass, ResourceState state) throws SQLException, Pass.NoDatabase {
        Optional<IndexWork> running = state.running();
        if (pass.mode() != Mode.APPLY) {
            state.close();
            return Cleanup.done("left all indexes as they are: the resource was not in Apply mode");
        }
        if (running.filter(work -> !work.isCleanup()).isPresent()) {
            running.get().cancel();
            return Cleanup.busy("stops the work under way");
        }
        Optional<DatabaseAccess> database = databaseIfNeeded(pass);
        return database.isEmpty()
                ? Cleanup.done("stopped; its indexes stay")
                : cleanUp(pass, database.get(), state, running.isPresent());
    }

    /** Where nothing is to be dropped, nothing needs to be asked: also when the Secret went first. */
    private static Optional<DatabaseAccess> databaseIfNeeded(Pass pass) throws Pass.NoDatabase {
        try {
            return Optional.of(pass.database());
        } catch (Pass.NoDatabase e) {
            if (retains(pass.spec())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Cleanup cleanUp(Pass pass, DatabaseAccess database, ResourceState state, boolean running)
            throws SQLException {
        IndexCleanup cleanup = new IndexCleanup(pass, owner(pass), state.probe);
        try (Connection connection = database.open("cleanup")) {
            Observation seen = cleanup.observer().observe(connection);
            Optional<IndexPlan.Entry> first = seen.plan().firstToDo();
            if (first.isPresent()) {
                state.work(order(pass, database, state, cleanup.observer(), seen, true));
                return Cleanup.busy(cleaning(first.get(), state));
            }
            if (running) {
                return Cleanup.busy("ends the work under way");
            }
            return Cleanup.done(cleanup.unmark(connection));
        }
    }

    private static String cleaning(IndexPlan.Entry entry, ResourceState state) {
        String what = "drops " + entry.name();
        return state.attempts
                .last(entry)
                .map(last -> switch (last.outcome()) {
                    case Outcome.Blocked blocked -> what + ", which waits for " + blocked.by();
                    case Outcome.Failed failed -> what + ", which failed: " + failed.message();
                    case Outcome.Done done -> what;
                    case Outcome.Stopped stopped -> what;
                })
                .orElse(what);
    }

    @Override
    public String abandonCleanup(Pass pass, ResourceState state) throws SQLException {
        state.close();
        if (pass.mode() != Mode.APPLY) {
            return "";
        }
        try (Connection connection = pass.database().open("cleanup")) {
            return new IndexCleanup(pass, owner(pass), new ShapeProbe()).unmark(connection);
        } catch (Pass.NoDatabase e) {
            return "";
        }
    }

    private static boolean retains(DbPerformanceSpec spec) {
        return spec.indexes().removal() == Removal.RETAIN;
    }

    private Owner owner(Pass pass) {
        boolean always = pass.spec().indexes().adopt() == Adopt.ALWAYS;
        return new Owner(
                cluster,
                pass.id().toString(),
                pass.id().uid(),
                always ? new Adoption(true, pass.existing()) : Adoption.IF_RECREATED);
    }

    /**
     * Cleans up after a resource that is being deleted: it declares nothing any more, so its plan drops what {@code removal} allows
     * and whatever is INVALID. What stays is marked as released, for whoever declares it next.
     */
    private static final class IndexCleanup {
        private final Owner owner;
        private final Observer observer;

        IndexCleanup(Pass pass, Owner owner, ShapeProbe probe) {
            IndexesSpec indexes = pass.spec().indexes();
            IndexesSpec nothing = new IndexesSpec(
                    indexes.mode(),
                    List.of(),
                    ForeignKeysSpec.IGNORE,
                    indexes.removal(),
                    indexes.adopt(),
                    indexes.build());
            DbPerformanceSpec spec =
                    DbPerformanceSpec.of(pass.spec().mode(), pass.spec().database(), nothing);
            this.owner = owner;
            this.observer =
                    new Observer(spec, owner, Map.of(), IndexClaims.of(pass).elsewhere(), probe);
        }

        Observer observer() {
            return observer;
        }

        /**
         * Marks every index of the resource as released. Nothing else would ever change the mark of a resource that is gone. Says how
         * many were kept.
         */
        String unmark(Connection connection) throws SQLException {
            Map<Name, Mark> kept = Catalog.marks(connection, List.of());
            kept.values().removeIf(mark -> !owner.isOurs(mark));
            List<String> failures = new ArrayList<>();
            for (Map.Entry<Name, Mark> each : kept.entrySet()) {
                String comment = each.getValue().released().comment().replace("'", "''");
                try {
                    Rows.run(connection, "COMMENT ON INDEX " + each.getKey().quoted() + " IS '" + comment + "'");
                } catch (SQLException e) { // the others are given back all the same
                    if (connection.isClosed()) {
                        throw e;
                    }
                    failures.add(each.getKey() + ": " + e.getMessage());
                }
            }
            String stay = kept.isEmpty() ? "no index of ours is left" : kept.size() + " indexes stay as they are";
            return failures.isEmpty()
                    ? stay
                    : stay + "; the marks of these could not be changed: " + String.join("; ", failures);
        }
    }
}

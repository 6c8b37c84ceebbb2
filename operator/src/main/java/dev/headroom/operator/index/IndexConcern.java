package dev.headroom.operator.index;

import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexesSpec.Adopt;
import dev.headroom.operator.index.build.History;
import dev.headroom.operator.index.build.IndexWork;
import dev.headroom.operator.index.build.IndexWork.Order;
import dev.headroom.operator.index.build.Outcome;
import dev.headroom.operator.index.build.WorkObserver;
import dev.headroom.operator.index.build.WorkQueue;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Observation;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.ServerFacts;
import dev.headroom.operator.index.look.Sessions;
import dev.headroom.operator.index.look.ShapeProbe;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Owner.Adoption;
import dev.headroom.operator.index.plan.Simulation;
import dev.headroom.operator.index.plan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the declared indexes in the database: looks, decides, has it done on another thread, reports. */
public final class IndexConcern implements Concern {
    /** Kubernetes waits 30 s by default before it kills; others have to end too. */
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);

    private final Map<ResourceId, ResourceState> states = new ConcurrentHashMap<>();
    private final WorkQueue queue = new WorkQueue();
    private final History history = new History();
    private final String cluster;
    private final WorkObserver listener;
    private boolean stopped;

    /** @param cluster its identity, which stands in the marks of its resources' indexes */
    public IndexConcern(String cluster, WorkObserver listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    @Override
    public String condition() {
        return "IndexesReady";
    }

    @Override
    public ConcernReport look(Pass pass) throws SQLException {
        ResourceState state = states.computeIfAbsent(pass.id(), id -> new ResourceState(pass.clock()));
        if (!pass.mayAct()) {
            state.running().ifPresent(IndexWork::cancel);
        }
        Observer observer =
                new Observer(pass.spec(), owner(pass), pass.takenBy(), pass.declaredElsewhere(), state.probe);
        Observer.Catalog catalog;
        UsageWindow window;
        Map<Long, BuildProgress> builds;
        try (Connection connection = pass.database().open("look")) {
            Optional<String> refusal = ServerFacts.read(connection).refusal();
            if (refusal.isPresent()) {
                return IndexReport.unsupported(refusal.get());
            }
            catalog = observer.read(connection);
            window = state.window(
                    connection, pass.spec().database().schemas(), pass.clock().instant());
            builds = BuildProgress.all(connection);
        }
        Observation seen = observer.plan(catalog, Sessions.of(pass.database()));
        if (pass.mayAct()) {
            act(pass, state, observer, seen);
        }
        return report(pass, state, seen, window, builds);
    }

    private void act(Pass pass, ResourceState state, Observer observer, Observation seen) {
        boolean due = seen.plan().entries().stream()
                .anyMatch(entry -> entry.step().isPresent() && state.attempts.isDue(entry, seen.state()));
        if (due || state.running().isPresent()) {
            work(state, order(pass, state, observer, seen, false));
        }
        // Where the work under way builds it, no other session has to be asked to.
        for (Step step : steps(seen.plan())) {
            if (step instanceof Step.Cancel cancel) {
                state.running().ifPresent(work -> work.abandon(cancel.index().name()));
            }
        }
    }

    private void work(ResourceState state, Order order) {
        synchronized (states) {
            if (!stopped) {
                state.work(order);
            }
        }
    }

    private Order order(Pass pass, ResourceState state, Observer observer, Observation seen, boolean cleanup) {
        return new Order(
                pass.database(),
                observer,
                seen.copy(),
                cleanup,
                pass.spec().indexes().build(),
                state.attempts,
                queue,
                history,
                pass.clock(),
                listener,
                pass.progress()::moved);
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
                pass.mayAct());
        return report.asReport(state.reported(indexes));
    }

    @Override
    public Farewell release(Pass pass) throws SQLException {
        ResourceState state = states.computeIfAbsent(pass.id(), id -> new ResourceState(pass.clock()));
        if (!pass.mayAct()) {
            state.running().ifPresent(IndexWork::cancel);
            forget(pass.id());
            return new Farewell.Done("left all indexes as they are: the resource was not in Apply mode");
        }
        Optional<IndexWork> running = state.running();
        if (running.filter(work -> !work.isCleanup()).isPresent()) {
            running.get().cancel();
            return new Farewell.Busy("stops the work under way");
        }
        Cleanup cleanup = new Cleanup(pass, owner(pass), state.probe);
        try (Connection connection = pass.database().open("release")) {
            Observation seen = cleanup.observer().observe(connection);
            Optional<IndexPlan.Entry> first = seen.plan().firstToDo();
            if (first.isPresent()) {
                work(state, order(pass, state, cleanup.observer(), seen, true));
                return new Farewell.Busy(cleaning(first.get(), state));
            }
            if (running.isPresent()) {
                return new Farewell.Busy("ends the work under way");
            }
            String done = cleanup.unmark(connection);
            forget(pass.id());
            return new Farewell.Done(done);
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
    public String giveUp(Pass pass) throws SQLException {
        forget(pass.id());
        if (!pass.mayAct()) {
            return "";
        }
        try (Connection connection = pass.database().open("release")) {
            return new Cleanup(pass, owner(pass), new ShapeProbe()).unmark(connection);
        }
    }

    @Override
    public void forget(ResourceId id) {
        ResourceState state = states.remove(id);
        if (state != null) {
            state.running().ifPresent(IndexWork::cancel);
        }
    }

    @Override
    public void stop() {
        List<IndexWork> running = stopAll();
        Instant until = Instant.now().plus(TIME_TO_STOP);
        for (IndexWork work : running) {
            try {
                Duration left = Duration.between(Instant.now(), until);
                if (left.isNegative() || !work.awaitEnd(left)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** A look that is under way just now begins nothing any more either. */
    private List<IndexWork> stopAll() {
        synchronized (states) {
            stopped = true;
            List<IndexWork> running = states.values().stream()
                    .flatMap(state -> state.running().stream())
                    .toList();
            running.forEach(IndexWork::cancel);
            return running;
        }
    }

    private static List<Step> steps(IndexPlan plan) {
        return plan.entries().stream().flatMap(entry -> entry.step().stream()).toList();
    }

    private Owner owner(Pass pass) {
        boolean always = pass.spec().indexes().adopt() == Adopt.ALWAYS;
        return new Owner(
                cluster,
                pass.id().toString(),
                pass.id().uid(),
                always ? new Adoption(true, pass.existing()) : Adoption.IF_RECREATED);
    }
}

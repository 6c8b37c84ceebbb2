package dev.headroom.operator.index;

import dev.headroom.insight.UsageSnapshot;
import dev.headroom.insight.findings.UsageWindow;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.index.build.IndexWork;
import dev.headroom.operator.index.build.IndexWork.Order;
import dev.headroom.operator.index.build.Outcome;
import dev.headroom.operator.index.build.Turns;
import dev.headroom.operator.index.build.WorkObserver;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Observation;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.ServerFacts;
import dev.headroom.operator.index.look.Sessions;
import dev.headroom.operator.index.look.ShapeProbe;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.Owner;
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

    private final Map<ResourceId, Standing> standings = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();
    private final WorkObserver listener;
    private boolean stopped;

    public IndexConcern(WorkObserver listener) {
        this.listener = listener;
    }

    @Override
    public String condition() {
        return "IndexesReady";
    }

    @Override
    public ConcernReport look(Pass pass) throws SQLException {
        Standing standing = standings.computeIfAbsent(pass.id(), id -> new Standing(pass.clock()));
        if (!pass.mayAct()) {
            standing.running().ifPresent(IndexWork::cancel);
        }
        Observer observer =
                new Observer(pass.spec(), owner(pass), pass.takenBy(), pass.declaredElsewhere(), standing.probe);
        Observer.Catalog catalog;
        UsageWindow window;
        Map<Long, BuildProgress> builds;
        try (Connection connection = pass.database().open("look")) {
            Optional<String> refusal = ServerFacts.read(connection).refusal();
            if (refusal.isPresent()) {
                return IndexReport.unsupported(refusal.get());
            }
            catalog = observer.read(connection);
            window = standing.window(
                    UsageSnapshot.of(connection, pass.spec().database().schemas()));
            builds = BuildProgress.all(connection);
        }
        Observation seen = observer.plan(catalog, Sessions.of(pass.database()));
        if (pass.mayAct()) {
            act(pass, standing, observer, seen);
        }
        return report(pass, standing, seen, window, builds);
    }

    private void act(Pass pass, Standing standing, Observer observer, Observation seen) {
        boolean due = seen.plan().entries().stream()
                .anyMatch(entry -> entry.step().isPresent() && standing.attempts.isDue(entry, seen.state()));
        if (due || standing.running().isPresent()) {
            work(standing, order(pass, standing, observer, false));
        }
        // Where the work under way builds it, no other session has to be asked to.
        for (Step step : steps(seen.plan())) {
            if (step instanceof Step.Cancel cancel) {
                standing.running().ifPresent(work -> work.abandon(cancel.index().name()));
            }
        }
    }

    private void work(Standing standing, Order order) {
        synchronized (standings) {
            if (!stopped) {
                standing.work(order);
            }
        }
    }

    private Order order(Pass pass, Standing standing, Observer observer, boolean cleanup) {
        return new Order(
                pass.database(),
                observer,
                cleanup,
                pass.spec().indexes().build(),
                standing.attempts,
                turns,
                pass.clock(),
                listener,
                pass.progress()::moved);
    }

    private static ConcernReport report(
            Pass pass, Standing standing, Observation seen, UsageWindow window, Map<Long, BuildProgress> builds) {
        IndexStates states = new IndexStates(
                pass.mayAct(),
                Simulation.play(seen.planner(), seen.state()).statements(),
                standing.attempts,
                standing.running().flatMap(IndexWork::live),
                builds,
                seen.server().blindness());
        List<IndexStatus> indexes =
                seen.plan().entries().stream().map(states::of).toList();
        IndexReport report = new IndexReport(
                indexes,
                FindingTexts.of(seen, owner(pass), Optional.of(window), pass.spec().indexes().foreignKeys()),
                pass.mayAct());
        return report.asReport(standing.reported(indexes));
    }

    @Override
    public Farewell release(Pass pass) throws SQLException {
        Standing standing = standings.computeIfAbsent(pass.id(), id -> new Standing(pass.clock()));
        if (!pass.mayAct()) {
            standing.running().ifPresent(IndexWork::cancel);
            forget(pass.id());
            return new Farewell.Done("left all indexes as they are: the resource was not in Apply mode");
        }
        Optional<IndexWork> running = standing.running();
        if (running.filter(work -> !work.isCleanup()).isPresent()) {
            running.get().cancel();
            return new Farewell.Busy("stops the work under way");
        }
        Release release = new Release(pass, owner(pass), standing.probe);
        try (Connection connection = pass.database().open("release")) {
            Observation seen = release.observer().observe(connection);
            Optional<IndexPlan.Entry> first = seen.plan().firstToDo();
            if (first.isPresent()) {
                work(standing, order(pass, standing, release.observer(), true));
                return new Farewell.Busy(cleaning(first.get(), standing));
            }
            if (running.isPresent()) {
                return new Farewell.Busy("ends the work under way");
            }
            String done = release.unmark(connection);
            forget(pass.id());
            return new Farewell.Done(done);
        }
    }

    private static String cleaning(IndexPlan.Entry entry, Standing standing) {
        String what = "drops " + entry.name();
        return standing.attempts
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
            return new Release(pass, owner(pass), new ShapeProbe()).unmark(connection);
        }
    }

    @Override
    public void forget(ResourceId id) {
        Standing standing = standings.remove(id);
        if (standing != null) {
            standing.running().ifPresent(IndexWork::cancel);
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
        synchronized (standings) {
            stopped = true;
            List<IndexWork> running = standings.values().stream()
                    .flatMap(standing -> standing.running().stream())
                    .toList();
            running.forEach(IndexWork::cancel);
            return running;
        }
    }

    private static List<Step> steps(IndexPlan plan) {
        return plan.entries().stream().flatMap(entry -> entry.step().stream()).toList();
    }

    private static Owner owner(Pass pass) {
        return new Owner(pass.id().uid(), pass.id().toString());
    }
}

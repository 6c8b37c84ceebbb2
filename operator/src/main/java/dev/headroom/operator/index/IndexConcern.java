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
import dev.headroom.operator.index.look.ServerFacts;
import dev.headroom.operator.index.look.ShapeProbe;
import dev.headroom.operator.index.look.Survey;
import dev.headroom.operator.index.look.Surveyor;
import dev.headroom.operator.index.plan.Decision;
import dev.headroom.operator.index.plan.Foresight;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
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
    private final WorkObserver observer;
    private boolean stopped;

    public IndexConcern(WorkObserver observer) {
        this.observer = observer;
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
        Surveyor surveyor =
                new Surveyor(pass.spec(), owner(pass), pass.takenBy(), pass.declaredElsewhere(), standing.probe);
        try (Connection connection = pass.database().open("look")) {
            Optional<String> refusal = ServerFacts.read(connection).refusal();
            if (refusal.isPresent()) {
                return IndexReport.unsupported(refusal.get());
            }
            Survey survey = surveyor.survey(connection);
            if (pass.mayAct()) {
                act(pass, standing, surveyor, survey);
            }
            return report(pass, standing, surveyor, survey, connection);
        }
    }

    private void act(Pass pass, Standing standing, Surveyor surveyor, Survey survey) {
        boolean due = survey.plan().entries().stream()
                .anyMatch(entry -> entry.step().isPresent() && standing.attempts.isDue(entry, survey.world()));
        if (due || standing.running().isPresent()) {
            work(standing, order(pass, standing, surveyor, false));
        }
        // Where the work under way builds it, no other session has to be asked to.
        for (Step step : steps(survey.plan())) {
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

    private Order order(Pass pass, Standing standing, Surveyor surveyor, boolean cleanup) {
        return new Order(
                pass.database(),
                surveyor,
                cleanup,
                pass.spec().indexes().build(),
                standing.attempts,
                turns,
                pass.clock(),
                observer,
                pass.progress()::moved);
    }

    private static ConcernReport report(
            Pass pass, Standing standing, Surveyor surveyor, Survey survey, Connection connection) throws SQLException {
        IndexStates states = new IndexStates(
                pass.mayAct(),
                Foresight.play(survey.desired(), survey.world(), surveyor.planner())
                        .statements(),
                standing.attempts,
                standing.running().flatMap(IndexWork::live),
                builds(survey.plan(), connection),
                survey.server().blindness());
        List<IndexStatus> indexes =
                survey.plan().entries().stream().map(states::of).toList();
        UsageWindow window = standing.window(
                UsageSnapshot.of(connection, pass.spec().database().schemas()));
        IndexReport report = new IndexReport(
                indexes,
                FindingTexts.of(
                        survey, Optional.of(window), pass.spec().indexes().foreignKeys()),
                pass.mayAct());
        return report.asReport(standing.reported(indexes));
    }

    private static Map<Long, BuildProgress> builds(IndexPlan plan, Connection connection) throws SQLException {
        Map<Long, BuildProgress> builds = new HashMap<>();
        for (IndexPlan.Entry entry : plan.entries()) {
            if (entry.decision() instanceof Decision.Await await) {
                BuildProgress.ofIndex(connection, await.index().oid())
                        .ifPresent(progress -> builds.put(progress.index(), progress));
            }
        }
        return builds;
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
            Survey survey = release.survey(connection);
            Optional<IndexPlan.Entry> first = survey.plan().firstToDo();
            if (first.isPresent()) {
                work(standing, order(pass, standing, release.surveyor(), true));
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

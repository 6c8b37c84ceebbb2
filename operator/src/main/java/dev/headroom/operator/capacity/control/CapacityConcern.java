package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.capacity.ReplicaScaler;
import dev.headroom.operator.capacity.ReplicaScaler.Allowed;
import dev.headroom.operator.capacity.ReplicaScaler.Cause;
import dev.headroom.operator.capacity.ReplicaScaler.DatabaseLoad;
import dev.headroom.operator.capacity.ReplicaScaler.Decision;
import dev.headroom.operator.capacity.ScalingPolicy;
import dev.headroom.operator.capacity.ScalingPolicy.Rate;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Step;
import dev.headroom.operator.capacity.control.BudgetShares.Use;
import dev.headroom.operator.capacity.control.CapacityPlan.Allotment;
import dev.headroom.operator.capacity.control.Round.Result;
import dev.headroom.operator.capacity.control.Round.ServerQuestion;
import dev.headroom.operator.capacity.control.Workloads.Fresh;
import dev.headroom.operator.capacity.control.Workloads.Written;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.CronSchedule;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.ObjectiveSpec.Latency;
import dev.headroom.operator.crd.PoolSpec;
import dev.headroom.operator.crd.ReplicasSpec;
import dev.headroom.operator.crd.ReplicasSpec.Blackout;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.operator.crd.TargetSpec;
import dev.headroom.support.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pools of a target inside the connection budget of its database, and its replicas at what the load needs: measures,
 * decides, takes one step, reports. The model is in decision 0150, the way through a pass in 0156.
 */
public final class CapacityConcern implements Concern<CapacityState> {

    public static final String POOL_READY = "PoolReady";
    public static final String REPLICAS_READY = "ReplicasReady";

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration FIRST_ROUND = Duration.ofSeconds(3);
    private static final Duration ASK_SERVER_EVERY = Duration.ofSeconds(15);
    /** After a change the pods are asked each second, to see it in force. */
    private static final Duration HURRIED = Duration.ofSeconds(30);

    private static final double CORES_OF_A_POD_WITHOUT_LIMIT = 1;

    private final Workloads workloads;
    private final MetricsSources sources;
    private final Clock steady;
    private final BudgetShares shares = new BudgetShares();

    /** Opens the source of metrics that a resource names. */
    public interface MetricsSources {
        MetricsSource open(Pass pass) throws Pass.NoDatabase;
    }

    /** @param steady a clock that never steps, for the time between two scrapes */
    public CapacityConcern(Workloads workloads, MetricsSources sources, Clock steady) {
        this.workloads = workloads;
        this.sources = sources;
        this.steady = steady;
    }

    @Override
    public List<String> conditions(DbPerformanceSpec spec) {
        List<String> conditions = new ArrayList<>();
        if (spec.pool() != null) {
            conditions.add(POOL_READY);
        }
        if (spec.replicas() != null) {
            conditions.add(REPLICAS_READY);
        }
        return conditions;
    }

    @Override
    public Mode mode(DbPerformanceSpec spec) {
        return spec.poolMode() == Mode.APPLY || spec.replicasMode() == Mode.APPLY ? Mode.APPLY : Mode.OBSERVE;
    }

    @Override
    public List<SpecRules.Breach> breaches(DbPerformanceSpec spec) {
        return SpecRules.ofCapacity(spec);
    }

    @Override
    public CapacityState open(Clock clock) {
        return new CapacityState(shares);
    }

    @Override
    public ConcernReport reconcile(Pass pass, CapacityState state) throws InterruptedException {
        TargetSpec where = requireNonNull(pass.spec().target());
        Optional<Target> found = workloads.find(pass.id(), where);
        if (found.isEmpty()) {
            shares.forget(pass.id());
            return CapacityReport.targetMissing(pass, conditions(pass.spec()), where);
        }
        Target target = found.get();
        Optional<ScalingPolicy> policy = policy(pass.spec());
        state.begin(pass.id(), List.of(where, pass.spec().metrics(), policy), policy);
        state.log.resume(pass.resource().status());
        state.contest.saw(
                target.replicas(), target.replicasManager(), pass.clock().instant());

        Optional<ScrapeWindow> window = collect(pass, state, target);
        CapacityPlan plan = plan(pass, state, target, workloads.published(pass.id()));
        Optional<Allotment> allotment = allotment(pass, state, plan);
        window.ifPresent(measured -> decide(pass, state, plan, allotment, measured));
        Step step = step(pass, state, plan, allotment);
        Optional<Step> done = act(pass, state, allotment, step);
        if (done.orElse(null) instanceof Step.Fence) {
            done = act(pass, state, allotment, step);
        }
        announce(pass, plan);
        return CapacityReport.of(pass, state, plan, allotment, done.orElse(step), done.isPresent());
    }

    /** Begins a round of measuring when it is time, and takes in the one that has ended; with it may end a window. */
    private Optional<ScrapeWindow> collect(Pass pass, CapacityState state, Target target) throws InterruptedException {
        Instant at = steady.instant();
        Duration interval = pass.spec().metrics().every();
        boolean hurried = at.isBefore(state.changedAt.plus(HURRIED));
        if (!state.isCollecting() && !at.isBefore(state.collectedAt.plus(hurried ? SOON : interval))) {
            boolean first = state.collectedAt.equals(Instant.EPOCH);
            state.collectedAt = at;
            Round begun = begin(pass, state, target, at);
            state.collect(begun);
            if (first) {
                begun.await(FIRST_ROUND);
            }
        }
        Optional<Result> round = state.collected();
        if (round.isEmpty()) {
            return Optional.empty();
        }
        state.measured.add(round.get(), target, at);
        PoolSpec pool = pass.spec().pool();
        return state.measured.nextWindow(interval, target.ready(), at, pool == null ? null : pool.databaseCores());
    }

    private Round begin(Pass pass, CapacityState state, Target target, Instant at) {
        ServerQuestion question = question(pass, state, at);
        try {
            MetricsSource source = sources.open(pass);
            state.queries = source.queries();
            return new Round(source, target.addresses(), question, steady, pass::progressed);
        } catch (Pass.NoDatabase e) {
            return Round.failed(e.why().message(), at);
        }
    }

    private @Nullable ServerQuestion question(Pass pass, CapacityState state, Instant at) {
        if (pass.spec().pool() == null || at.isBefore(state.serverAskedAt.plus(ASK_SERVER_EVERY))) {
            return null;
        }
        state.serverAskedAt = at;
        try {
            return new ServerQuestion(pass.database(), shares.addresses(), shares.saidByOthers(pass.id()));
        } catch (Pass.NoDatabase e) {
            state.measured.noDatabase(e.why());
            return null;
        }
    }

    private static CapacityPlan plan(Pass pass, CapacityState state, Target target, PublishedPool published) {
        return new CapacityPlan(
                pass.resource(),
                target,
                published,
                state.measured,
                state.fenced,
                pass.clock().instant());
    }

    private Optional<Allotment> allotment(Pass pass, CapacityState state, CapacityPlan plan) {
        PoolSpec pool = pass.spec().pool();
        if (pool == null) {
            return Optional.empty();
        }
        return state.measured.budget(pool.reservedConnections()).map(budget -> {
            Use use = new Use(
                    budget.systemIdentifier(),
                    plan.claim(),
                    plan.target().addresses().stream().map(PodAddress::ip).collect(Collectors.toSet()),
                    state.measured.saidToHold());
            return new Allotment(
                    budget, shares.grant(pass.id(), use, actsOnPool(pass), budget.connections(), pass.others()));
        });
    }

    private void decide(
            Pass pass, CapacityState state, CapacityPlan plan, Optional<Allotment> allotment, ScrapeWindow window) {
        if (state.scaler == null) {
            return;
        }
        Target target = plan.target();
        state.decision = target.replicas() == 0
                ? new Decision(0, Cause.NEED, "not scaling while the target asks for 0 replicas", Optional.empty())
                : state.scaler.decide(new ReplicaScaler.Observation(
                        steady.instant(),
                        target.replicas(),
                        (int) target.ready(),
                        (int) target.starting(),
                        target.startUp(state.readySeenAt),
                        target.rollout(),
                        window,
                        target.coresPerPod().orElse(CORES_OF_A_POD_WITHOUT_LIMIT),
                        databaseLoad(pass.spec(), state, window),
                        ceiling(pass, plan, allotment),
                        allowed(pass)));
        state.readySeenAt = pass.clock().instant();
    }

    private static DatabaseLoad databaseLoad(DbPerformanceSpec spec, CapacityState state, ScrapeWindow window) {
        PoolSpec pool = spec.pool();
        Integer cores = pool == null ? null : pool.databaseCores();
        Latency objective = spec.objective() == null ? null : spec.objective().statement();
        boolean late = objective != null
                && window.allStatements()
                                .map(all -> all.percentile(objective.percentile()))
                                .orElse(OptionalDouble.empty())
                                .orElse(0)
                        > objective.limit().toMillis() / 1000.0;
        return new DatabaseLoad(
                state.measured.activeSessions(), cores == null ? OptionalInt.empty() : OptionalInt.of(cores), late);
    }

    /** Where pools are to be sized, replicas are added only inside a budget that is known. */
    private static int ceiling(Pass pass, CapacityPlan plan, Optional<Allotment> allotment) {
        if (!actsOnPool(pass)) {
            return Integer.MAX_VALUE;
        }
        return allotment.map(plan::ceiling).orElse(plan.target().replicas());
    }

    private static boolean actsOnPool(Pass pass) {
        return pass.mode() == Mode.APPLY && pass.spec().poolMode() == Mode.APPLY;
    }

    private static boolean actsOnReplicas(Pass pass) {
        return pass.mode() == Mode.APPLY && pass.spec().replicasMode() == Mode.APPLY;
    }

    /** What annotations and the calendar leave. */
    private static Allowed allowed(Pass pass) {
        Pauses pauses = pass.resource().pauses();
        boolean up = !pauses.scaleOut();
        boolean down = !pauses.scaleIn();
        for (Blackout blackout : requireNonNull(pass.spec().replicas()).blackouts()) {
            boolean on = CronSchedule.of(blackout.schedule())
                    .beganWithin(blackout.length(), pass.clock().instant(), ZoneId.of(blackout.timeZone()));
            up &= !on || blackout.allow() == Blackout.Allowed.SCALE_UP;
            down &= !on || blackout.allow() == Blackout.Allowed.SCALE_DOWN;
        }
        return up && down ? Allowed.BOTH : up ? Allowed.UP : down ? Allowed.DOWN : Allowed.NONE;
    }

    /** The replicas to have; those there are, where others decide about them. */
    private static int wanted(Pass pass, CapacityState state, CapacityPlan plan, Optional<Allotment> allotment) {
        Target target = plan.target();
        Decision decision = state.decision;
        ReplicasSpec replicas = pass.spec().replicas();
        boolean ours = actsOnReplicas(pass)
                && target.scaledBy().isEmpty()
                && state.contest.rival().isEmpty();
        if (replicas == null || !ours || decision == null || target.replicas() == 0) {
            return target.replicas();
        }
        Allowed allowed = allowed(pass);
        boolean belowMin = target.replicas() < replicas.min() && (allowed == Allowed.BOTH || allowed == Allowed.UP);
        int wanted = belowMin ? Math.max(decision.replicas(), replicas.min()) : decision.replicas();
        return Math.min(wanted, Math.max(ceiling(pass, plan, allotment), Math.min(wanted, target.replicas())));
    }

    private static Step step(Pass pass, CapacityState state, CapacityPlan plan, Optional<Allotment> allotment) {
        int wanted = wanted(pass, state, plan, allotment);
        if (actsOnPool(pass) && allotment.isPresent()) {
            if (plan.current().isEmpty() && state.measured.isTooEarly()) {
                return new Step.Hold("measuring how connections are used before the first pool size");
            }
            return plan.step(
                    allotment.get(), wanted, plan.size(allotment.get(), wanted).perPod());
        }
        int replicas = plan.target().replicas();
        return wanted == replicas
                ? new Step.Hold("holding " + replicas + " replicas")
                : new Step.Scale(wanted, "scaling from " + replicas + " to " + wanted);
    }

    /**
     * Takes one step. It is decided again from fresh reads, because informers may be a moment behind, and bears their versions.
     *
     * @return the step that was taken
     */
    private Optional<Step> act(Pass pass, CapacityState state, Optional<Allotment> allotment, Step planned) {
        if (planned instanceof Step.Hold || !pass.mayAct()) {
            return Optional.empty();
        }
        TargetSpec where = requireNonNull(pass.spec().target());
        Optional<Fresh> fresh = workloads.fresh(pass.id(), where);
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        CapacityPlan plan = plan(pass, state, fresh.get().target(), fresh.get().published());
        Step step = step(pass, state, plan, allotment);
        if (!pass.mayAct()) {
            return Optional.empty();
        }
        state.changedAt = steady.instant();
        try {
            Written written = write(pass, where, plan, step);
            state.refusal = Optional.empty();
            if (written == Written.UNKNOWN) {
                state.fenced = false;
            }
            if (written != Written.DONE) {
                return Optional.empty();
            }
        } catch (Workloads.Refused e) {
            state.refusal = Optional.of(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        remember(state, step);
        return Optional.of(step);
    }

    private Written write(Pass pass, TargetSpec where, CapacityPlan plan, Step step) {
        return switch (step) {
            case Step.Hold hold -> Written.CONFLICT;
            case Step.Fence fence -> workloads.fence(pass.id(), where, plan.published());
            case Step.Publish publish ->
                workloads.publish(
                        pass.id(),
                        plan.published(),
                        publish.history(),
                        requireNonNull(pass.spec().pool()).minPerReplica());
            case Step.Scale scale -> workloads.scale(pass.id(), where, plan.target(), scale.replicas());
        };
    }

    private static void remember(CapacityState state, Step step) {
        switch (step) {
            case Step.Fence fence -> state.fenced = true;
            case Step.Scale scale -> state.contest.set(scale.replicas());
            case Step.Publish publish -> {}
            case Step.Hold hold -> {}
        }
    }

    private void announce(Pass pass, CapacityPlan plan) {
        Optional<Published> current = plan.current();
        if (actsOnPool(pass) && current.isPresent() && pass.mayAct()) {
            workloads.announce(pass.id(), plan.untold(), current.get().generation());
        }
    }

    private static Optional<ScalingPolicy> policy(DbPerformanceSpec spec) {
        ReplicasSpec replicas = spec.replicas();
        if (replicas == null) {
            return Optional.empty();
        }
        Latency objective = requireNonNull(requireNonNull(spec.objective()).request());
        ReplicasSpec.Rate up = replicas.scaleUp();
        ReplicasSpec.ScaleDown down = replicas.scaleDown();
        return Optional.of(new ScalingPolicy(
                replicas.min(),
                replicas.max(),
                replicas.toleratedPart(),
                new Rate(up.pods(), up.percent(), Durations.parse(up.period())),
                new Rate(down.pods(), down.percent(), Durations.parse(down.period())),
                Durations.parse(down.minWindow()),
                Durations.parse(down.maxWindow()),
                objective.percentile(),
                objective.limit().toMillis() / 1000.0));
    }

    @Override
    public Duration patience(DbPerformanceSpec spec, Duration longest) {
        return longest.compareTo(SOON) < 0 ? longest : SOON;
    }

    @Override
    public Cleanup cleanUp(Pass pass, CapacityState state) {
        state.close();
        TargetSpec target = pass.spec().target();
        if (target == null) {
            return Cleanup.done("");
        }
        Optional<Target> found = workloads.find(pass.id(), target);
        return Cleanup.done(found.map(each -> target + " stays at " + each.replicas() + " replicas"
                        + (pass.spec().pool() == null
                                ? ""
                                : "; its pods keep the pool size they have until they start again, then that of their own"
                                        + " settings"))
                .orElse(target + " does not exist"));
    }
}

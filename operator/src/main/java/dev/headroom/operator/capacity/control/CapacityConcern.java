package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.capacity.ReplicaScaler;
import dev.headroom.operator.capacity.ReplicaScaler.Allowed;
import dev.headroom.operator.capacity.ReplicaScaler.Cause;
import dev.headroom.operator.capacity.ReplicaScaler.Decision;
import dev.headroom.operator.capacity.ScalingPolicy;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Step;
import dev.headroom.operator.capacity.control.BudgetShares.Use;
import dev.headroom.operator.capacity.control.CapacityPlan.Allotment;
import dev.headroom.operator.capacity.control.ScrapeRound.ServerQuestion;
import dev.headroom.operator.capacity.control.Workloads.Fresh;
import dev.headroom.operator.capacity.control.Workloads.Written;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.PoolSpec;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.crd.ReplicasSpec;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.operator.crd.TargetSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final Duration FAST_SCRAPING = Duration.ofSeconds(30);

    /** A write that was refused is tried again after this time: a role or a ConfigMap is changed by a person. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(10);

    private static final double CORES_OF_A_POD_WITHOUT_LIMIT = 1;

    private final Workloads workloads;
    private final MetricsSources sources;
    private final InstantSource steady;
    private final BudgetShares shares = new BudgetShares();

    /** Opens the source of metrics that a resource names. */
    public interface MetricsSources {
        MetricsSource open(Pass pass) throws Pass.NoDatabase;
    }

    /** @param steady the time between two scrapes, and what is waited for */
    public CapacityConcern(Workloads workloads, MetricsSources sources, InstantSource steady) {
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
        return new CapacityState(shares, clock.instant());
    }

    @Override
    public ConcernReport reconcile(Pass pass, CapacityState state) throws InterruptedException {
        TargetSpec where = requireNonNull(pass.spec().target());
        Optional<Target> found = workloads.find(pass.id(), where);
        Optional<Verdict> impossible = impossible(pass, where, found.isPresent());
        if (found.isEmpty() || impossible.isPresent()) {
            shares.removeUse(pass.id());
            return CapacityReport.impossible(conditions(pass.spec()), impossible.orElseThrow());
        }
        Target target = found.get();
        Optional<ScalingPolicy> policy = ScalingSpec.policy(pass.spec());
        state.begin(
                pass.id(),
                List.of(target.uid(), where, pass.spec().metrics(), pass.spec().database()),
                policy);
        state.log.resume(pass.resource().status());
        state.conflict.observe(target.replicas(), () -> workloads.replicasManager(pass.id(), where), steady.instant());

        Optional<ScrapeWindow> window = collect(pass, state, target);
        CapacityPlan plan = plan(pass, state, target, workloads.published(pass.id()));
        Optional<Allotment> allotment = allotment(pass, state, plan);
        window.ifPresent(measured -> decide(pass, state, plan, allotment, measured));
        Step step = step(pass, state, plan, allotment);
        Optional<Step> done = act(pass, state, allotment, step);
        if (done.orElse(null) instanceof Step.Fence) {
            done = act(pass, state, allotment, step);
        }
        annotatePods(pass, plan);
        return CapacityReport.of(pass, state, plan, allotment, done.orElse(step), done.isPresent());
    }

    /** Why nothing can be done about a target. Of two resources on one target the older one has it. */
    private static Optional<Verdict> impossible(Pass pass, TargetSpec where, boolean exists) {
        if (!exists) {
            return Optional.of(Verdict.no(
                    Reason.TARGET_MISSING,
                    where + " does not exist in namespace " + pass.id().namespace()));
        }
        return pass.others().stream()
                .filter(other -> other.id().namespace().equals(pass.id().namespace()))
                .filter(other -> isAlsoOn(other.spec(), where) && isOlder(other, pass.resource()))
                .findFirst()
                .map(other -> Verdict.no(
                        Reason.TARGET_TAKEN,
                        where + " is the target of the older DbPerformance "
                                + other.id().name() + " too: leave pool and replicas to one of them"));
    }

    private static boolean isAlsoOn(DbPerformanceSpec spec, TargetSpec where) {
        TargetSpec target = spec.target();
        return target != null
                && target.toString().equals(where.toString())
                && (spec.pool() != null || spec.replicas() != null);
    }

    private static boolean isOlder(ResourceView other, ResourceView self) {
        return Comparator.comparing(ResourceView::created)
                        .thenComparing(view -> view.id().name())
                        .compare(other, self)
                < 0;
    }

    /** Begins a round of measuring when it is time, and takes in the one that has ended; with it may end a window. */
    private Optional<ScrapeWindow> collect(Pass pass, CapacityState state, Target target) throws InterruptedException {
        Instant at = steady.instant();
        Duration interval = pass.spec().metrics().every();
        boolean fast = at.isBefore(state.changedAt.plus(FAST_SCRAPING));
        if (!state.isScraping() && !at.isBefore(state.collectedAt.plus(fast ? SOON : interval))) {
            boolean first = state.collectedAt.equals(Instant.EPOCH);
            state.collectedAt = at;
            ScrapeRound begun = begin(pass, state, target, at);
            state.add(begun);
            if (first) {
                BackgroundRead<?> last = begun.server() == null ? begun.pods() : begun.server();
                last.await(FIRST_ROUND);
            }
        }
        state.serverRead().ifPresent(answer -> state.measured.add(answer, at));
        Optional<Answers> scraped = state.scraped();
        if (scraped.isEmpty()) {
            return Optional.empty();
        }
        state.measured.add(scraped.get(), target, at);
        return state.measured.nextWindow(
                interval, target, at, ScalingSpec.databaseCores(pass.spec()), state.isDatabaseBound());
    }

    private ScrapeRound begin(Pass pass, CapacityState state, Target target, Instant at) {
        MetricsSource source = source(pass);
        state.queries = source.queries();
        return ScrapeRound.begin(source, target.addresses(), question(pass, state, at), pass::progressed);
    }

    private MetricsSource source(Pass pass) {
        try {
            return sources.open(pass);
        } catch (Pass.NoDatabase e) {
            String why = e.why().message();
            return pods -> new Answers(Map.of(), Map.of("metrics", why));
        }
    }

    private @Nullable ServerQuestion question(Pass pass, CapacityState state, Instant at) {
        if (pass.spec().pool() == null
                || state.isReadingServer()
                || at.isBefore(state.serverAskedAt.plus(ASK_SERVER_EVERY))) {
            return null;
        }
        state.serverAskedAt = at;
        try {
            return new ServerQuestion(
                    pass.database(),
                    () -> sessionAddresses(pass.resource()),
                    server -> shares.podsOnServer(server, pass.others(), this::sessionAddresses));
        } catch (Pass.NoDatabase e) {
            state.measured.noDatabase(e.why());
            return null;
        }
    }

    /** From where the pods of a resource connect. */
    private Set<String> sessionAddresses(ResourceView resource) {
        TargetSpec target = resource.spec().target();
        return target == null
                ? Set.of()
                : workloads
                        .find(resource.id(), target)
                        .map(Target::sessionAddresses)
                        .orElse(Set.of());
    }

    private static CapacityPlan plan(Pass pass, CapacityState state, Target target, PoolConfigMap published) {
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
            shares.removeUse(pass.id());
            return Optional.empty();
        }
        return state.measured.budget(pool.reservedConnections()).map(budget -> {
            Map<String, Integer> byLimit = state.measured.budgetsByLimit(pool.reservedConnections());
            Use use = new Use(
                    budget.systemIdentifier(),
                    state.measured.database(),
                    plan.claim(),
                    byLimit.keySet(),
                    state.measured.reportedConnections());
            boolean counts = actsOnPool(pass) || plan.current().isPresent();
            return new Allotment(budget, shares.grant(pass.id(), use, counts, byLimit, pass.others()));
        });
    }

    private void decide(
            Pass pass, CapacityState state, CapacityPlan plan, Optional<Allotment> allotment, ScrapeWindow window) {
        if (state.scaler == null) {
            return;
        }
        Target target = plan.target();
        state.decidedAt = target.replicas();
        state.decision = target.replicas() == 0
                ? new Decision(
                        0,
                        Cause.NEED,
                        "not scaling while the target asks for 0 replicas",
                        Optional.empty(),
                        Duration.ZERO)
                : state.scaler.decide(new ReplicaScaler.Observation(
                        steady.instant(),
                        target.replicas(),
                        (int) target.ready(),
                        (int) target.starting(),
                        target.startUp(state.readySeenAt),
                        target.rollout(),
                        window,
                        target.coresPerPod().orElse(CORES_OF_A_POD_WITHOUT_LIMIT),
                        ScalingSpec.databaseLoad(pass.spec(), state.measured, window),
                        ceiling(pass, plan, allotment),
                        ScalingSpec.allowed(pass)));
        state.readySeenAt = pass.clock().instant();
    }

    /**
     * Where pools are to be sized, replicas are added only inside a budget that is known. None is removed for it: that would take
     * from the load what a peak of others holds for a moment.
     */
    private static int ceiling(Pass pass, CapacityPlan plan, Optional<Allotment> allotment) {
        int replicas = plan.target().replicas();
        return actsOnPool(pass) ? Math.max(allotment.map(plan::ceiling).orElse(replicas), replicas) : Integer.MAX_VALUE;
    }

    private static boolean actsOnPool(Pass pass) {
        return pass.mode() == Mode.APPLY && pass.spec().poolMode() == Mode.APPLY;
    }

    private static boolean actsOnReplicas(Pass pass) {
        return pass.mode() == Mode.APPLY && pass.spec().replicasMode() == Mode.APPLY;
    }

    /** The replicas to have; those there are, where others decide about them. */
    private static int wanted(Pass pass, CapacityState state, CapacityPlan plan, Optional<Allotment> allotment) {
        Target target = plan.target();
        Decision decision = state.decision;
        ReplicasSpec replicas = pass.spec().replicas();
        boolean ours = actsOnReplicas(pass)
                && target.scaledBy().isEmpty()
                && state.conflict.conflictingManager().isEmpty();
        if (replicas == null || !ours || decision == null || target.replicas() == 0 || target.rollout()) {
            return target.replicas();
        }
        // Somebody else has set the replicas since: the next window decides about these.
        int decided = state.decidedAt == target.replicas() ? decision.replicas() : target.replicas();
        int most = Math.max(ceiling(pass, plan, allotment), target.replicas());
        int wanted = Math.min(Math.max(decided, replicas.min()), most);
        Allowed allowed = ScalingSpec.allowed(pass);
        boolean stopped = wanted > target.replicas()
                ? allowed == Allowed.DOWN || allowed == Allowed.NONE
                : allowed == Allowed.UP || allowed == Allowed.NONE;
        return stopped ? target.replicas() : wanted;
    }

    private Step step(Pass pass, CapacityState state, CapacityPlan plan, Optional<Allotment> allotment) {
        int wanted = wanted(pass, state, plan, allotment);
        if (wanted == plan.target().replicas()) {
            state.scalingRefusal = Optional.empty();
        } else if (steady.instant().isBefore(state.retryScalingAt)) {
            wanted = plan.target().replicas();
        }
        if (actsOnPool(pass) && allotment.isPresent()) {
            if (plan.current().isEmpty() && state.measured.isDemandPending(plan.target())) {
                return new Step.Hold("measuring how connections are used before the first pool size");
            }
            return plan.step(
                    allotment.get(), wanted, plan.size(allotment.get(), wanted).perPod());
        }
        int replicas = plan.target().replicas();
        if (wanted == replicas) {
            return new Step.Hold("holding " + replicas + " replicas");
        }
        return state.fenced
                ? new Step.Scale(wanted, "scaling from " + replicas + " to " + wanted)
                : new Step.Fence("making sure that no earlier write is still under way");
    }

    /**
     * Takes one step. It is decided again from fresh reads, because informers may be a moment behind, and bears their versions.
     *
     * @return the step that was taken
     */
    private Optional<Step> act(Pass pass, CapacityState state, Optional<Allotment> allotment, Step planned) {
        if (planned instanceof Step.Hold || !pass.mayAct()) {
            state.refusal = Optional.empty();
            return Optional.empty();
        }
        if (steady.instant().isBefore(state.retryAt)) {
            return Optional.empty();
        }
        TargetSpec where = requireNonNull(pass.spec().target());
        Optional<Fresh> fresh;
        try {
            fresh = workloads.fresh(pass.id(), where, actsOnPool(pass));
        } catch (Workloads.Refused e) {
            refused(state, e);
            return Optional.empty();
        }
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        CapacityPlan plan = plan(pass, state, fresh.get().target(), fresh.get().published());
        Step step = step(pass, state, plan, allotment);
        if (!pass.mayAct()) {
            return Optional.empty();
        }
        try {
            Written written = write(pass, where, plan, step);
            state.refusal = Optional.empty();
            if (step instanceof Step.Scale) {
                state.scalingRefusal = Optional.empty();
            }
            if (written == Written.UNKNOWN) {
                state.fenced = false;
            }
            if (written != Written.DONE) {
                return Optional.empty();
            }
        } catch (Workloads.Refused e) {
            if (step instanceof Step.Scale) {
                state.scalingRefusal = Optional.of(String.valueOf(e.getMessage()));
                state.retryScalingAt = steady.instant().plus(AFTER_REFUSAL);
            } else {
                refused(state, e);
            }
            return Optional.empty();
        }
        state.changedAt = steady.instant();
        remember(state, step);
        return Optional.of(step);
    }

    private void refused(CapacityState state, Workloads.Refused why) {
        state.refusal = Optional.of(String.valueOf(why.getMessage()));
        state.retryAt = steady.instant().plus(AFTER_REFUSAL);
    }

    private Written write(Pass pass, TargetSpec where, CapacityPlan plan, Step step) {
        return switch (step) {
            case Step.Hold hold -> Written.CONFLICT;
            case Step.Fence fence -> workloads.fence(pass.id(), where, plan.target(), plan.published());
            case Step.Publish publish ->
                workloads.publish(
                        pass.id(),
                        plan.published(),
                        publish.history(),
                        requireNonNull(pass.spec().pool()).minPerReplica());
            case Step.Scale scale -> workloads.scale(pass.id(), where, plan.target(), scale.replicas());
        };
    }

    private void remember(CapacityState state, Step step) {
        switch (step) {
            case Step.Fence fence -> state.fenced = true;
            case Step.Scale scale -> state.conflict.recordOwnChange(scale.replicas(), steady.instant());
            case Step.Publish publish -> {}
            case Step.Hold hold -> {}
        }
    }

    private void annotatePods(Pass pass, CapacityPlan plan) {
        Optional<Published> current = plan.current();
        if (actsOnPool(pass) && current.isPresent() && pass.mayAct()) {
            workloads.annotatePods(
                    pass.id(), plan.podsToAnnotate(), current.get().generation());
        }
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

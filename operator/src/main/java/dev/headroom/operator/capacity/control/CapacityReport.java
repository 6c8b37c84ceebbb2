package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.PoolSizer;
import dev.headroom.operator.capacity.ReplicaScaler.Cause;
import dev.headroom.operator.capacity.ReplicaScaler.Decision;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Step;
import dev.headroom.operator.capacity.control.CapacityPlan.Allotment;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.CapacityStatus;
import dev.headroom.operator.crd.CapacityStatus.PoolStatus;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.ObjectiveSpec.Latency;
import dev.headroom.operator.crd.Reason;
import dev.headroom.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the report about a target: its two conditions, the numbers and decisions of the status, and Events. */
final class CapacityReport {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration NO_TARGET = Duration.ofSeconds(30);

    /** A report that says the same with other numbers is written after this time. */
    private static final Duration NUMBERS_EVERY = Duration.ofMinutes(1);

    /** So long a pod may take to follow a new size before it is taken for one that never will. */
    private static final Duration TIME_TO_FOLLOW = Duration.ofMinutes(3);

    /** Lateness that goes on for longer is told, whatever is being done about it. */
    private static final Duration LONGEST_LATE = Duration.ofMinutes(5);

    private static final Set<Cause> EXPLAIN_LATENESS =
            EnumSet.of(Cause.LIMITED, Cause.DATABASE_BOUND, Cause.FAILING, Cause.PAUSED);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Pass pass;
    private final CapacityState state;
    private final CapacityPlan plan;
    private final Optional<Allotment> allotment;
    private final Step step;
    private final boolean acted;
    private final Instant now;

    private CapacityReport(
            Pass pass,
            CapacityState state,
            CapacityPlan plan,
            Optional<Allotment> allotment,
            Step step,
            boolean acted) {
        this.pass = pass;
        this.state = state;
        this.plan = plan;
        this.allotment = allotment;
        this.step = step;
        this.acted = acted;
        this.now = pass.clock().instant();
    }

    /** Nothing can be done about the target. */
    static ConcernReport impossible(List<String> conditions, Verdict why) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        conditions.forEach(condition -> verdicts.put(condition, why));
        return new ConcernReport(verdicts, status -> status.with((CapacityStatus) null), List.of(), false, NO_TARGET);
    }

    /**
     * The report.
     *
     * @param step the step that was taken, or the one that would be
     */
    static ConcernReport of(
            Pass pass,
            CapacityState state,
            CapacityPlan plan,
            Optional<Allotment> allotment,
            Step step,
            boolean acted) {
        return new CapacityReport(pass, state, plan, allotment, step, acted).report();
    }

    private ConcernReport report() {
        DbPerformanceSpec spec = pass.spec();
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        List<Notice> notices = new ArrayList<>();
        boolean news = false;
        if (spec.pool() != null) {
            Verdict pool = refusedOr(this::pool);
            verdicts.put(CapacityConcern.POOL_READY, pool);
            news |= tell(
                    CapacityConcern.POOL_READY, "", pool, step instanceof Step.Publish ? "PoolResized" : "", notices);
        }
        if (spec.replicas() != null) {
            Verdict replicas = state.scalingRefusal
                    .map(why -> Verdict.no(Reason.WRITE_REFUSED, why))
                    .orElseGet(() -> refusedOr(this::replicas));
            verdicts.put(CapacityConcern.REPLICAS_READY, replicas);
            Decision decision = state.decision;
            String kind = decision == null
                    ? ""
                    : decision.cause()
                            + decision.bottleneck().orElse("")
                            + Integer.signum(decision.replicas() - plan.target().replicas());
            news |= tell(
                    CapacityConcern.REPLICAS_READY,
                    kind,
                    replicas,
                    step instanceof Step.Scale ? "Scaled" : "",
                    notices);
        }
        CapacityStatus status = status();
        boolean settled = verdicts.values().stream().allMatch(verdict -> verdict.reason() != Reason.MEASURING);
        ConcernReport report = new ConcernReport(verdicts, before -> before.with(status), notices, settled, next());
        return shown(report, news, status);
    }

    /**
     * Notes what is said as a decision, and tells an Event where no change of the condition does.
     *
     * @param cause of the decision, beside the reason of the condition
     * @param writes what the Event of a write is called; empty where the step writes something else
     */
    private boolean tell(String condition, String cause, Verdict verdict, String writes, List<Notice> notices) {
        boolean acts = acted && !writes.isEmpty();
        boolean onTheWay = verdict.reason() == Reason.POOL_CHANGING || verdict.reason() == Reason.MEASURING;
        String kind = verdict.reason() + cause;
        if ((!acts && onTheWay) || !state.log.note(condition, kind, verdict.message(), acts, now)) {
            return false;
        }
        boolean sameReason = state.reported != null
                && state.reported.verdicts().containsKey(condition)
                && state.reported.verdicts().get(condition).reason() == verdict.reason();
        if (acts) {
            notices.add(Notice.normal(writes, verdict.message()));
        } else if (sameReason && state.log.isWorthAnEvent(kind, now)) {
            notices.add(Notice.normal(verdict.reason(), verdict.message()));
        }
        return true;
    }

    /** Returns the previous report when only numbers differ, so that the status is not written at each pass. */
    private ConcernReport shown(ConcernReport report, boolean news, CapacityStatus status) {
        ConcernReport before = state.reported;
        if (before != null
                && !news
                && reasons(before).equals(reasons(report))
                && sizes(before.status().capacity()).equals(sizes(status))
                && now.isBefore(state.reportedAt.plus(NUMBERS_EVERY))) {
            return new ConcernReport(before.verdicts(), before.section(), List.of(), report.settled(), report.next());
        }
        state.reported = report;
        state.reportedAt = now;
        return report;
    }

    private static List<Reason> reasons(ConcernReport report) {
        return report.verdicts().values().stream().map(Verdict::reason).toList();
    }

    private static List<@Nullable Object> sizes(@Nullable CapacityStatus status) {
        List<@Nullable Object> sizes = new ArrayList<>();
        if (status != null) {
            sizes.add(status.replicas());
            sizes.add(status.readyReplicas());
            sizes.add(status.wantedReplicas());
            PoolStatus pool = status.pool();
            sizes.add(pool == null ? null : pool.generation());
            sizes.add(pool == null ? null : pool.podsInForce());
        }
        return sizes;
    }

    private Duration next() {
        boolean changing = acted
                || !(step instanceof Step.Hold)
                || plan.podsNotFollowing().stream().anyMatch(this::answers);
        Duration interval = pass.spec().metrics().every();
        return changing && SOON.compareTo(interval) < 0 ? SOON : interval;
    }

    private boolean answers(Target.Pod pod) {
        return state.measured.hasPage(pod) && plan.current().isPresent();
    }

    private Verdict refusedOr(Supplier<Verdict> otherwise) {
        return state.refusal.map(why -> Verdict.no(Reason.WRITE_REFUSED, why)).orElseGet(otherwise);
    }

    private Verdict pool() {
        Optional<Verdict> trouble = state.measured.databaseTrouble();
        if (allotment.isEmpty()) {
            return trouble.orElseGet(
                    () -> Verdict.unknown(Reason.MEASURING, "the server's connections are being counted"));
        }
        if (allotment.get().grant().refused()) {
            return Verdict.no(Reason.BUDGET_TOO_SMALL, plan.refusal(allotment.get()));
        }
        if (isSilent()) {
            return silent();
        }
        PoolSizer.Size size = plan.size(allotment.get(), plan.target().replicas());
        String why = size.sentence() + "; " + allotment.get().budget().arithmetic()
                + trouble.map(each -> "; the server did not answer since: " + each.message())
                        .orElse("");
        if (pass.mode() == Mode.OBSERVE || pass.spec().poolMode() == Mode.OBSERVE) {
            return Verdict.yes(Reason.OBSERVING, "would publish " + why);
        }
        if (acted && step instanceof Step.Publish publish) {
            return Verdict.no(Reason.POOL_CHANGING, publish.reason() + "; " + why);
        }
        Optional<Published> current = plan.current();
        if (current.isEmpty()) {
            return Verdict.no(Reason.POOL_CHANGING, step.reason());
        }
        List<Target.Pod> behind = plan.podsNotFollowing();
        boolean overdue = now.isAfter(current.get().at().plus(TIME_TO_FOLLOW));
        List<String> deaf = behind.stream()
                .filter(pod -> state.measured.hasPage(pod) && overdue)
                .map(Target.Pod::name)
                .sorted()
                .toList();
        if (!deaf.isEmpty()) {
            return Verdict.no(
                    Reason.POOL_NOT_FOLLOWED,
                    deaf.size() + " pods, such as " + deaf.getFirst() + ", do not say in "
                            + pass.spec().metrics().names().generation() + " that they follow ConfigMap "
                            + pass.id().name() + "-pool: see docs/pool-size.md");
        }
        if (!behind.isEmpty()) {
            return Verdict.no(
                    Reason.POOL_CHANGING,
                    "pool " + current.get().size() + " is not in force yet on "
                            + behind.stream()
                                    .map(Target.Pod::name)
                                    .sorted()
                                    .limit(3)
                                    .collect(Collectors.joining(", ")));
        }
        return size.perPod() == current.get().size()
                ? Verdict.yes(
                        Reason.POOL_IN_FORCE,
                        why + "; in force on " + plan.target().pods().size() + " pods")
                : Verdict.no(Reason.POOL_CHANGING, step.reason() + "; " + why);
    }

    /** Ready pods have been asked for a while and none has answered. */
    private boolean isSilent() {
        return state.measured.silence().compareTo(LONGEST_SILENCE) >= 0;
    }

    private Verdict silent() {
        return Verdict.no(
                Reason.METRICS_MISSING,
                "no pod tells its metrics; " + state.measured.failure().orElse("there is no pod with an address"));
    }

    private Verdict replicas() {
        Decision decision = state.decision;
        Optional<String> owner = plan.target().scaledBy();
        if (owner.isPresent()) {
            return Verdict.no(
                    Reason.REPLICAS_OWNED,
                    owner.get() + " sets the replicas of " + pass.spec().target()
                            + " too: delete it, or leave spec.replicas out");
        }
        Optional<String> rival = state.conflict.conflictingManager();
        if (rival.isPresent()) {
            return Verdict.no(
                    Reason.REPLICAS_OWNED,
                    rival.get() + " sets the replicas of " + pass.spec().target()
                            + " again and again: take spec.replicas out of its manifest, or out of this resource");
        }
        if (isSilent()) {
            return silent();
        }
        if (decision == null) {
            return Verdict.unknown(Reason.MEASURING, "two looks at the pods' metrics are needed first");
        }
        String sentence = decision.sentence() + help(decision) + budgetUnknown();
        if (pass.mode() == Mode.OBSERVE || pass.spec().replicasMode() == Mode.OBSERVE) {
            return Verdict.yes(Reason.OBSERVING, "would do: " + sentence);
        }
        boolean missed = decision.late().compareTo(LONGEST_LATE) > 0;
        if (missed && !EXPLAIN_LATENESS.contains(decision.cause())) {
            return Verdict.no(
                    Reason.OBJECTIVE_MISSED,
                    "late for " + Durations.format(decision.late()) + "; " + sentence + waiting());
        }
        return switch (decision.cause()) {
            case NEED ->
                decision.replicas() == plan.target().replicas() && !(acted && step instanceof Step.Scale)
                        ? Verdict.yes(Reason.REPLICAS_AS_NEEDED, sentence)
                        : Verdict.no(Reason.REPLICAS_CHANGING, sentence + waiting());
            case RATE -> Verdict.no(Reason.REPLICAS_CHANGING, sentence);
            case ROLLOUT -> Verdict.yes(Reason.REPLICAS_AS_NEEDED, sentence);
            case PAUSED -> Verdict.yes(Reason.PAUSED, sentence);
            case LIMITED, FAILING -> Verdict.no(Reason.OBJECTIVE_MISSED, sentence);
            case DATABASE_BOUND -> Verdict.no(Reason.DATABASE_BOUND, sentence);
            case UNKNOWN -> Verdict.unknown(Reason.MEASURING, sentence);
        };
    }

    /** What the change waits for, such as smaller pools. */
    private String waiting() {
        return step instanceof Step.Scale ? "" : "; " + step.reason();
    }

    private String budgetUnknown() {
        return pass.spec().pool() != null && allotment.isEmpty()
                ? "; the connection budget is not known, so none is added"
                : "";
    }

    /** The finding about the table that the bottleneck is named after. */
    private String help(Decision decision) {
        DbPerformanceStatus status = pass.resource().status();
        if (decision.bottleneck().isEmpty() || status == null) {
            return "";
        }
        String statement = decision.bottleneck().get().toLowerCase(Locale.ROOT);
        return status.findings().stream()
                .filter(finding -> isAbout(finding, statement))
                .findFirst()
                .map(finding -> "; see finding " + finding.kind() + " on " + finding.object())
                .orElse("");
    }

    private static boolean isAbout(FindingStatus finding, String statement) {
        String object = finding.object().toLowerCase(Locale.ROOT);
        String name = object.substring(object.lastIndexOf('.') + 1);
        return !statement.isEmpty() && (name.startsWith(statement) || statement.startsWith(name));
    }

    private CapacityStatus status() {
        Optional<ScrapeWindow> window = state.measured.window();
        Latency objective =
                pass.spec().objective() == null ? null : pass.spec().objective().request();
        Optional<LatencyHistogram> requests = window.flatMap(ScrapeWindow::requests);
        OptionalDouble latency = objective == null
                ? OptionalDouble.empty()
                : requests.map(all -> all.percentile(objective.percentile())).orElse(OptionalDouble.empty());
        Decision decision = state.decision;
        Target target = plan.target();
        int replicas = acted && step instanceof Step.Scale scale ? scale.replicas() : target.replicas();
        return new CapacityStatus(
                replicas,
                (int) target.ready(),
                decision == null ? null : decision.replicas(),
                latency.isPresent() ? (int) Math.round(1000 * latency.getAsDouble()) : null,
                requests.map(all -> Math.round(all.count())).orElse(null),
                allotment.map(this::poolStatus).orElse(null),
                state.log.decisions(),
                state.queries);
    }

    private PoolStatus poolStatus(Allotment has) {
        Optional<Published> current =
                acted && step instanceof Step.Publish publish ? Optional.of(publish.current()) : plan.current();
        int living = (int)
                plan.target().pods().stream().filter(pod -> !pod.terminating()).count();
        return new PoolStatus(
                current.map(Published::size).orElse(null),
                current.map(Published::generation).orElse(null),
                current.isEmpty()
                        ? null
                        : Math.max(living - plan.podsNotFollowing().size(), 0),
                has.budget().systemIdentifier(),
                has.budget().arithmetic(),
                has.grant().usable(),
                plan.mayHold());
    }
}

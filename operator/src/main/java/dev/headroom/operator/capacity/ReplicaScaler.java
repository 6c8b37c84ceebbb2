package dev.headroom.operator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How many replicas a target should have. First whose the time is: when the database is the bottleneck, pods do not help
 * and nothing moves. Then the size: arrivals × what a request costs a pod ÷ the utilisation at which latency is well,
 * with extras for a trend and a backlog. Up at once, down when the wait of a level is over. How much is kept in reserve
 * depends on what the load has cost so far beside HPA ({@link CostLedger}).
 *
 * <p>Arrivals, not processor use: use stops at 100 %, arrivals show the whole need at once. Unknown values never move
 * anything in the risky direction. The scaler keeps what it has learned in memory and reads no clock.
 */
public final class ReplicaScaler {
    /** Below this part of the pods nothing is decided, and below the other nothing is scaled down. */
    private static final double ENOUGH_PODS = 0.5;

    private static final double ENOUGH_PODS_TO_SCALE_DOWN = 0.6;

    /** Below this utilisation the requests in flight are taken as normal. */
    private static final double BUSY_PROCESSOR = 0.8;

    private static final double UNKNOWN_START_UP = 20;
    private static final double START_UP_WEIGHT = 0.2;

    /** So many times the start-up of a pod the next ones may take. */
    private static final double STARTS_PATIENCE = 4;

    /** Looks that pass before a jump is seen and answered. */
    private static final double LOOKS_UNTIL_ANSWER = 2;

    /** HPA sees the processors over about so many seconds. */
    private static final double LEDGER_SECONDS = 20;

    private static final double BACKLOG_ABOVE_NORMAL = 1.5;

    /** Which changes a user or the calendar allows. */
    public enum Allowed {
        BOTH,
        UP,
        DOWN,
        NONE
    }

    /**
     * The target in this cycle.
     *
     * @param replicas as the Deployment says
     * @param starting pods that exist but do not serve yet
     * @param startUp seconds from creation to readiness of the pods that became ready lately; empty when none did
     * @param rollout a rollout is under way
     * @param coresPerPod the processor limit of a pod
     * @param database active sessions and cores, where known
     * @param ceiling the most replicas that the connection budget allows
     * @param allowed by pause annotations and blackouts
     */
    public record Observation(
            Instant at,
            int replicas,
            int ready,
            int starting,
            OptionalDouble startUp,
            boolean rollout,
            ScrapeWindow window,
            double coresPerPod,
            DatabaseLoad database,
            int ceiling,
            Allowed allowed) {}

    /**
     * What is known of the database server.
     *
     * @param statementsLate whether statements are over their objective
     */
    public record DatabaseLoad(OptionalInt activeSessions, OptionalInt cores, boolean statementsLate) {
        public static final DatabaseLoad UNKNOWN = new DatabaseLoad(OptionalInt.empty(), OptionalInt.empty(), false);

        boolean isAtItsLimit() {
            return statementsLate
                    || (activeSessions.isPresent()
                            && cores.isPresent()
                            && activeSessions.getAsInt() >= cores.getAsInt());
        }
    }

    /**
     * How many replicas.
     *
     * @param sentence why, with the numbers, for status and Event
     * @param bottleneck the statement in which most of the time is, where the database is the bottleneck
     * @param late for how long the objective has been missed; zero when it is not
     */
    public record Decision(int replicas, Cause cause, String sentence, Optional<String> bottleneck, Duration late) {

        Decision(int replicas, Cause cause, String sentence) {
            this(replicas, cause, sentence, Optional.empty(), Duration.ZERO);
        }
    }

    /** Why there are as many replicas as there are. */
    public enum Cause {
        /** The load needs them. */
        NEED,
        /** More would be needed than bounds or budget allow, or more did not help. */
        LIMITED,
        /** The policy allows the rest of the change only later. */
        RATE,
        /** Annotations or the calendar stop a change that would be made. */
        PAUSED,
        ROLLOUT,
        DATABASE_BOUND,
        /** Most requests fail. */
        FAILING,
        /** Too little is known to decide. */
        UNKNOWN
    }

    private final ScalingPolicy policy;
    private final ScalingModel model;
    private final LoadHistory load = new LoadHistory();
    private final RequestCost cost = new RequestCost();
    private final LevelWaits waits;
    private final LatencyCorrection correction;
    private final CostLedger ledger;
    private final DatabaseBottleneck bottleneck = new DatabaseBottleneck();
    private final RecentPeak extras;
    private final RateLimit ups;
    private final RateLimit downs;
    private OptionalDouble startUp = OptionalDouble.empty();
    /** Replicas that there were or were decided on. */
    private int lastKnown;

    private int seenReplicas;

    private double lateSince = Double.POSITIVE_INFINITY;

    /** Since when pods start and none became ready. */
    private double startingSince = Double.POSITIVE_INFINITY;

    private int lastReady;

    public ReplicaScaler(ScalingPolicy policy) {
        this(policy, ScalingModel.DEFAULT);
    }

    public ReplicaScaler(ScalingPolicy policy, ScalingModel model) {
        this.policy = policy;
        this.model = model;
        waits = new LevelWaits(model, policy);
        correction = new LatencyCorrection(policy);
        ledger = new CostLedger(policy);
        extras = new RecentPeak(model.extraHold());
        ups = new RateLimit(policy.scaleUp());
        downs = new RateLimit(policy.scaleDown());
    }

    /** Decides one cycle. Called once for each round of scrapes, in the order of time. */
    public Decision decide(Observation now) {
        Decision made = decideOnce(now);
        double late = Math.max(now.at().toEpochMilli() / 1000.0 - lateSince, 0);
        Decision decision = new Decision(
                made.replicas(), made.cause(), made.sentence(), made.bottleneck(), Duration.ofSeconds((long) late));
        lastKnown = Math.max(decision.replicas(), now.replicas());
        return decision;
    }

    private Decision decideOnce(Observation now) {
        double at = now.at().toEpochMilli() / 1000.0;
        ScrapeWindow window = now.window();
        learnStartUp(now.startUp());
        if (now.replicas() > lastKnown) { // on the first call as well: somebody had a reason for them
            waits.adopt(at, now.replicas());
        }
        Optional<Decision> unknown = unlessLoadIsKnown(now);
        if (unknown.isPresent()) {
            return unknown.get();
        }
        recordChange(at, now.replicas());
        if (window.isFailing()) {
            waits.adopt(at, now.replicas()); // the load comes back when the fault is over
            return failing(now);
        }
        load.add(at, window.longestInterval(), window.arrivals().getAsDouble());
        OptionalDouble latency = window.requests()
                .map(all -> all.percentile(policy.objectivePercentile(), policy.objectiveSeconds()))
                .orElse(OptionalDouble.empty());
        OptionalDouble utilisation = utilisation(now);
        boolean late = latency.orElse(0) > policy.objectiveSeconds();
        lateSince = late ? Math.min(lateSince, at) : Double.POSITIVE_INFINITY;
        seeStarts(at, now);
        cost.learn(window, !late && utilisation.orElse(0) < BUSY_PROCESSOR, bottleneck.isNow(at));
        if (cost.perRequest().isEmpty() && load.mean(model.baseSeconds()) > 0) {
            return hold(now, Cause.UNKNOWN, "the cost of a request is not known yet");
        }
        bottleneck.observe(at, window, late, utilisation, now.database(), cost);
        boolean databaseBound = bottleneck.isNow(at);
        double busyPods = load.mean(LEDGER_SECONDS) * cost.perRequest().orElse(0) / now.coresPerPod();
        ledger.add(at, busyPods, now.replicas(), startUp.orElse(UNKNOWN_START_UP));
        Need need = need(at, now, databaseBound);
        double least = latency.isPresent()
                ? correction.update(
                        at,
                        window.longestInterval(),
                        latency.getAsDouble(),
                        need.arrivals(),
                        need.base(),
                        now.ready(),
                        now.replicas(),
                        databaseBound || isStarting(at) || need.withExtras() - model.hysteresis() > now.replicas())
                : 0;
        need = need.atLeast(least);
        waits.need(at, need.base());
        String why = describe(need, latency, utilisation, least);
        if (now.rollout()) {
            return hold(now, Cause.ROLLOUT, "a rollout is under way; " + why);
        }
        if (databaseBound) {
            return databaseBound(now, latency);
        }
        return move(at, now, need, why);
    }

    private static Optional<Decision> unlessLoadIsKnown(Observation now) {
        ScrapeWindow window = now.window();
        if (window.longestInterval() > 0 && window.arrivals().isEmpty()) {
            return Optional.of(hold(
                    now,
                    Cause.UNKNOWN,
                    "the pods tell no requests: does metrics.names.requests name a histogram of theirs?"));
        }
        if (window.coverage() < ENOUGH_PODS || window.arrivals().isEmpty()) {
            return Optional.of(hold(
                    now,
                    Cause.UNKNOWN,
                    String.format(
                            Locale.ROOT, "metrics of only %.0f %% of the pods are known", 100 * window.coverage())));
        }
        return Optional.empty();
    }

    private static Decision failing(Observation now) {
        double failed = now.window().failed().orElse(0);
        double arrived = Math.max(now.window().arrivals().orElse(0), failed);
        return hold(
                now,
                Cause.FAILING,
                String.format(
                        Locale.ROOT, "%.0f %% of the requests fail, replicas do not help", 100 * failed / arrived));
    }

    private Decision databaseBound(Observation now, OptionalDouble latency) {
        Decision held = hold(now, Cause.DATABASE_BOUND, DatabaseBottleneck.describe(now.window(), latency, policy));
        return new Decision(
                held.replicas(),
                held.cause(),
                held.sentence(),
                TimeShares.of(now.window()).slowestStatement(),
                held.late());
    }

    /** Counts changes of {@code spec.replicas} for the rate limits, whoever made them. A decision that is not written yet does not count. */
    private void recordChange(double at, int replicas) {
        int change = seenReplicas == 0 ? 0 : replicas - seenReplicas;
        seenReplicas = replicas;
        (change > 0 ? ups : downs).changed(at, Math.abs(change));
    }

    private Decision move(double at, Observation now, Need need, String why) {
        int current = now.replicas();
        int needed = (int) Math.ceil(Math.max(need.withExtras(), need.base()) - model.hysteresis());
        int most = Math.max(Math.min(policy.max(), now.ceiling()), 1);
        int least = Math.min(policy.min(), most);
        int wanted = Math.clamp(needed, least, most);
        boolean limited = needed > most || correction.isIneffective();
        String explained = needed > most ? why + boundedBy(now, needed) : why;
        if (wanted > current) {
            return allows(now, Allowed.UP)
                    ? changed(now, current + ups.take(at, current, wanted - current, true), explained)
                    : hold(now, Cause.PAUSED, "paused, would scale up to " + wanted + ": " + explained);
        }
        int kept = Math.clamp(waits.lowestKept(at, current, jumpCost()), wanted, Math.max(wanted, most));
        if (kept >= current) {
            return hold(now, limited ? Cause.LIMITED : Cause.NEED, explained);
        }
        if (now.window().coverage() < ENOUGH_PODS_TO_SCALE_DOWN && current <= most) {
            return hold(now, Cause.UNKNOWN, "not scaling down while pods are silent; " + explained);
        }
        if (!allows(now, Allowed.DOWN)) {
            return hold(now, Cause.PAUSED, "paused, would scale down to " + kept + ": " + explained);
        }
        String unneeded = current > most
                ? boundedBy(now, current)
                : waits.unneeded(at, current).isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "; not needed for %.0f s",
                                waits.unneeded(at, current).getAsDouble())
                        : "; the load did not stay";
        return changed(now, current - downs.take(at, current, current - kept, false), explained + unneeded);
    }

    private static Decision changed(Observation now, int replicas, String why) {
        return replicas == now.replicas()
                ? hold(now, Cause.RATE, "the policy allows no further change yet; " + why)
                : new Decision(
                        replicas,
                        Cause.NEED,
                        "scaling " + (replicas > now.replicas() ? "up" : "down") + " from " + now.replicas() + " to "
                                + replicas + ": " + why);
    }

    /** Pods needed, not rounded: for the average load, and with what counts at once. */
    private record Need(double base, double withExtras, double arrivals, double cost, String extra) {
        Need atLeast(double pods) {
            return new Need(Math.max(base, pods), Math.max(withExtras, pods), arrivals, cost, extra);
        }
    }

    private Need need(double at, Observation now, boolean databaseBound) {
        double perRequest = cost.perRequest().orElse(0); // without requests nothing is needed
        double allowance = ledger.allowance();
        double podsPerRate = perRequest / now.coresPerPod() / model.utilisation(allowance);
        double mean = load.mean(model.baseSeconds());
        double reserve = model.deviations(allowance) * load.deviation();
        double base = (mean + reserve) * podsPerRate;
        String why = "";
        double rate = mean;
        LoadHistory.Trend trend = load.trend();
        if (trend.significance() > model.trendSignificance() && trend.slope() > 0) {
            double horizon = model.trendHorizon() * startUp.orElse(UNKNOWN_START_UP);
            double ahead = mean + trend.slope() * (horizon + model.baseSeconds() / 2);
            if (ahead > rate && ahead > model.trendRatio() * mean) {
                rate = ahead;
                why = String.format(Locale.ROOT, ", rising by %.1f/s each second", trend.slope());
            }
        }
        rate = Math.min(rate, mean * model.trendCap());
        double withExtras = (rate + reserve) * podsPerRate;
        OptionalDouble normal = cost.normalInFlight(mean);
        if (!databaseBound && normal.isPresent() && now.window().inFlight().isPresent()) {
            double backlog = now.window().inFlight().getAsDouble() - BACKLOG_ABOVE_NORMAL * normal.getAsDouble();
            double pods = backlog * perRequest / now.coresPerPod() / model.backlogSeconds();
            if (pods > model.hysteresis()) {
                withExtras += pods;
                why += String.format(Locale.ROOT, ", %.0f requests piled up", backlog);
            }
        }
        return new Need(base, extras.update(at, withExtras), mean, perRequest, why);
    }

    /** Replica-seconds that a jump costs which meets too few pods: requests are late until the jump is seen and a pod has started. */
    private double jumpCost() {
        double lateSeconds = startUp.orElse(UNKNOWN_START_UP) + LOOKS_UNTIL_ANSWER * load.interval();
        return lateSeconds * model.price(ledger.allowance());
    }

    private void seeStarts(double at, Observation now) {
        if (now.starting() == 0) {
            startingSince = Double.POSITIVE_INFINITY;
        } else if (now.ready() > lastReady || startingSince > at) {
            startingSince = at;
        }
        lastReady = now.ready();
    }

    /** Pods that take far longer than others did are not waited for: they may never be ready. */
    private boolean isStarting(double at) {
        return startingSince <= at && at - startingSince < STARTS_PATIENCE * startUp.orElse(UNKNOWN_START_UP);
    }

    private void learnStartUp(OptionalDouble seen) {
        if (seen.isPresent()) {
            double known = startUp.orElse(seen.getAsDouble());
            startUp = OptionalDouble.of(known + START_UP_WEIGHT * (seen.getAsDouble() - known));
        }
    }

    private OptionalDouble utilisation(Observation now) {
        return now.window().cpu().isPresent() && now.ready() > 0
                ? OptionalDouble.of(now.window().cpu().getAsDouble() / now.ready() / now.coresPerPod())
                : OptionalDouble.empty();
    }

    private String describe(Need need, OptionalDouble latency, OptionalDouble utilisation, double least) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%.0f/s%s × %.1f ms need %.1f pods",
                need.arrivals(),
                need.extra(),
                1000 * need.cost(),
                need.withExtras()));
        latency.ifPresent(seconds -> text.append(String.format(
                Locale.ROOT,
                ", p%.0f %s %.0f ms",
                policy.objectivePercentile(),
                Double.isInfinite(seconds)
                        ? "beyond the histogram's largest bucket, the objective is"
                        : String.format(Locale.ROOT, "%.0f ms of", 1000 * seconds),
                1000 * policy.objectiveSeconds())));
        utilisation.ifPresent(part -> text.append(String.format(Locale.ROOT, ", processors %.0f %%", 100 * part)));
        if (least > 0) {
            text.append(
                    String.format(Locale.ROOT, ", at least %.1f for latency that the load does not explain", least));
        }
        if (correction.isIneffective()) {
            text.append(", more pods did not lower the latency");
            correction
                    .scalability()
                    .ifPresent(gain -> text.append(String.format(Locale.ROOT, " (%.0f %% of the gain)", 100 * gain)));
        }
        return text.toString();
    }

    private String boundedBy(Observation now, int needed) {
        return now.ceiling() < policy.max()
                ? "; the connection budget allows " + now.ceiling() + " replicas, not " + needed
                : "; replicas.max " + policy.max() + " is below the " + needed + " needed";
    }

    private static boolean allows(Observation now, Allowed direction) {
        return now.allowed() == Allowed.BOTH || now.allowed() == direction;
    }

    private static Decision hold(Observation now, Cause cause, String why) {
        return new Decision(now.replicas(), cause, "holding " + now.replicas() + ": " + why);
    }

    /** The largest value of the last seconds. */
    private static final class RecentPeak {
        private record Value(double at, double value) {}

        private final double seconds;
        private final Deque<Value> values = new ArrayDeque<>();

        RecentPeak(double seconds) {
            this.seconds = seconds;
        }

        double update(double at, double value) {
            values.addLast(new Value(at, value));
            values.removeIf(each -> each.at < at - seconds);
            return values.stream().mapToDouble(Value::value).max().orElse(value);
        }
    }

    /** Limits how many pods may change within the period of a policy. */
    private static final class RateLimit {
        private record Change(double at, int pods) {}

        private final ScalingPolicy.Rate rate;
        private final Deque<Change> changes = new ArrayDeque<>();

        RateLimit(ScalingPolicy.Rate rate) {
            this.rate = rate;
        }

        void changed(double at, int pods) {
            if (pods > 0) {
                changes.addLast(new Change(at, pods));
            }
        }

        /** The part of {@code pods} that may change now. */
        int take(double at, int replicas, int pods, boolean up) {
            double period = rate.period().toMillis() / 1000.0;
            changes.removeIf(each -> each.at <= at - period);
            int changed = changes.stream().mapToInt(Change::pods).sum();
            int atPeriodStart = up ? replicas - changed : replicas + changed;
            return Math.clamp(rate.allowed(Math.max(atPeriodStart, 1)) - changed, 0, pods);
        }
    }
}

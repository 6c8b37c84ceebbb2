package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.ReplicaScaler;
import dev.headroom.operator.capacity.ScalingPolicy;
import dev.headroom.operator.capacity.control.ScrapeRound.ServerAnswer;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered about one target between two passes: the round of measuring that is under way, what the last ones brought,
 * and what the scaler has learned. All of it can be lost; the sizes that pods may be in stand in the ConfigMap.
 */
final class CapacityState implements Concern.State {

    final DecisionLog log = new DecisionLog();
    final ReplicaConflict conflict = new ReplicaConflict();
    private final BudgetShares shares;
    Measurements measured = new Measurements();

    @Nullable
    ReplicaScaler scaler;

    ReplicaScaler.@Nullable Decision decision;

    /** The replicas that there were when it was made: when somebody else set others, it says nothing about these. */
    int decidedAt;

    /** Whether target and ConfigMap were touched since this process leads, and since a write without an answer. */
    boolean fenced;

    /** Why the API server refused the last write. */
    Optional<String> refusal = Optional.empty();

    /** When a write may be tried again after a refusal. */
    Instant retryAt = Instant.EPOCH;

    /** Why the replicas may not be set, such as for want of a look at the autoscalers. The pool goes on. */
    Optional<String> scalingRefusal = Optional.empty();

    Instant retryScalingAt = Instant.EPOCH;

    /** The queries that the source of metrics asks. */
    List<String> queries = List.of();

    Instant collectedAt = Instant.EPOCH;
    Instant serverAskedAt = Instant.EPOCH;

    /** Pods that became ready later have not been seen ready; by the time of day, as the cluster tells it. */
    Instant readySeenAt;

    /** Time of the last write. For half a minute after it the pods are scraped each second. */
    Instant changedAt = Instant.EPOCH;

    @Nullable
    ConcernReport reported;

    Instant reportedAt = Instant.EPOCH;

    private volatile @Nullable ResourceId resource;
    private @Nullable Object about;
    private Optional<ScalingPolicy> policy = Optional.empty();
    private @Nullable BackgroundRead<Answers> scrape;
    private @Nullable BackgroundRead<ServerAnswer> serverRead;
    private boolean ended;

    /**
     * @param shares where the resource's use of its server is noted
     * @param now start-up is learned from the pods that become ready after this
     */
    CapacityState(BudgetShares shares, Instant now) {
        this.shares = shares;
        this.readySeenAt = now;
    }

    /** Drops what belongs to another target or database; other bounds only begin another scaler. */
    void begin(ResourceId id, Object isAbout, Optional<ScalingPolicy> itsPolicy) {
        resource = id;
        if (!itsPolicy.equals(policy)) {
            policy = itsPolicy;
            scaler = itsPolicy.map(ReplicaScaler::new).orElse(null);
            decision = null;
        }
        if (isAbout.equals(about)) {
            return;
        }
        about = isAbout;
        measured = new Measurements();
        scaler = itsPolicy.map(ReplicaScaler::new).orElse(null);
        decision = null;
        fenced = false;
        cancelReads();
        collectedAt = Instant.EPOCH;
        serverAskedAt = Instant.EPOCH;
    }

    /** As of the last decision. */
    boolean isDatabaseBound() {
        return decision != null && decision.cause() == ReplicaScaler.Cause.DATABASE_BOUND;
    }

    synchronized boolean isScraping() {
        return scrape != null;
    }

    synchronized boolean isReadingServer() {
        return serverRead != null;
    }

    /** What the pods told, once, when the scrape under way has ended. */
    synchronized Optional<Answers> scraped() {
        Optional<Answers> pages = scrape == null ? Optional.empty() : scrape.ended();
        if (pages.isPresent()) {
            scrape = null;
        }
        return pages;
    }

    /** What the server told, once, when the read under way has ended. */
    synchronized Optional<ServerAnswer> serverRead() {
        Optional<ServerAnswer> answer = serverRead == null ? Optional.empty() : serverRead.ended();
        if (answer.isPresent()) {
            serverRead = null;
        }
        return answer;
    }

    /** Keeps the reads that a round has begun, until they are taken. */
    synchronized void add(ScrapeRound round) {
        scrape = round.pods();
        if (round.server() != null) {
            serverRead = round.server();
        }
        if (ended) {
            cancelReads();
        }
    }

    private synchronized void cancelReads() {
        if (scrape != null) {
            scrape.cancel();
            scrape = null;
        }
        if (serverRead != null) {
            serverRead.cancel();
            serverRead = null;
        }
    }

    @Override
    public synchronized void close() {
        ended = true;
        cancelReads();
        if (resource != null) {
            shares.removeUse(resource);
        }
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.database.ConnectionCount;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** From a resource to its concerns, and from their outcomes to one status patch. The states are in decision 0050. */
@ControllerConfiguration(
        name = DbPerformanceReconciler.NAME,
        finalizerName = DbPerformanceReconciler.FINALIZER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = DbPerformanceReconciler.WorthAPass.class))
public final class DbPerformanceReconciler implements Reconciler<DbPerformance>, Cleaner<DbPerformance> {

    public static final String NAME = "dbperformance";
    public static final String FINALIZER = "headroom.dev/release";
    static final String FIELD_MANAGER = "headroom-operator";

    private static final Logger LOG = System.getLogger(DbPerformanceReconciler.class.getName());
    private static final Duration LATER = Duration.ofSeconds(1);
    private static final Duration FORGET_VANISHED_EVERY = Duration.ofSeconds(30);
    private static final PatchContext SERVER_SIDE_APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Concerns concerns;
    private final List<ClusterView> clusterViews;
    private final Leadership leadership;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Wakeups wakeups = new Wakeups();
    private final SecretReader secrets;
    private final ConnectionCount connections;
    private final Siblings siblings;
    private final EventRecorder events;
    private final Duration cleanupPatience;
    private final Counter patches;
    private volatile Instant vanishedForgottenAt = Instant.EPOCH;
    private volatile boolean stopping;

    public DbPerformanceReconciler(
            KubernetesClient client,
            Concerns concerns,
            List<ClusterView> clusterViews,
            Leadership leadership,
            Clock clock,
            MeterRegistry metrics,
            ConnectionCount connections,
            Settings settings) {
        this.client = client;
        this.concerns = concerns;
        this.clusterViews = List.copyOf(clusterViews);
        this.leadership = leadership;
        this.clock = clock;
        this.metrics = metrics;
        this.secrets = new SecretReader(client, settings.allowedHosts());
        this.connections = connections;
        this.siblings = new Siblings(concerns::claims, this::wake);
        this.events = new EventRecorder(client, clock, metrics);
        this.cleanupPatience = settings.cleanupPatience();
        this.patches = Counter.builder("headroom.status.patches")
                .description("Statuses written.")
                .register(metrics);
    }

    @Override
    public List<EventSource<?, DbPerformance>> prepareEventSources(EventSourceContext<DbPerformance> context) {
        context.getPrimaryCache().addIndexer(Siblings.BY_DATABASE, Siblings::key);
        List<EventSource<?, DbPerformance>> sources = new ArrayList<>(List.of(wakeups));
        clusterViews.forEach(view -> view.ledBy(leadership));
        clusterViews.forEach(view -> sources.addAll(view.eventSources(
                context,
                id -> context.getPrimaryCache()
                        .get(id)
                        .ifPresent(resource -> concerns.wake(ResourceId.of(resource), view.concern())))));
        return sources;
    }

    @Override
    public UpdateControl<DbPerformance> reconcile(DbPerformance resource, Context<DbPerformance> context) {
        long start = System.nanoTime();
        forgetVanished(context.getPrimaryCache());
        siblings.claimsChanged(resource, context.getPrimaryCache());
        List<ConcernOutcome> outcomes = concerns.reconcile(
                pass(resource, context), versionOf(resource), () -> wakeups.wake(ResourceID.fromResource(resource)));
        boolean written = report(resource, outcomes, context);
        boolean saw = outcomes.stream().allMatch(ConcernOutcome::looked);
        Timer.builder("headroom.reconcile.duration")
                .description("Time of one pass.")
                .tag("outcome", saw ? "saw" : "blind")
                .register(metrics)
                .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        Duration next = written ? concerns.untilNext(ResourceId.of(resource)) : LATER;
        return UpdateControl.<DbPerformance>noUpdate().rescheduleAfter(next);
    }

    /** A deletion that was forced came by no clean-up: what such a resource still had under way ends now. */
    private void forgetVanished(IndexedResourceCache<DbPerformance> cache) {
        Instant now = clock.instant();
        if (now.isAfter(vanishedForgottenAt.plus(FORGET_VANISHED_EVERY))) {
            vanishedForgottenAt = now;
            concerns.keepOnly(cache.list().map(ResourceId::of).collect(Collectors.toSet()));
            siblings.keepOnlyCached(cache);
        }
    }

    /** Whether anything may be changed: this process leads and is not stopping. */
    private boolean mayAct() {
        return leadership.leads() && !stopping;
    }

    /** What the user decides: when it changes, every concern runs. */
    private static Object versionOf(DbPerformance resource) {
        return List.of(resource.getMetadata().getUid(), resource.getMetadata().getGeneration(), resource.pauses());
    }

    private Pass pass(DbPerformance resource, Context<DbPerformance> context) {
        return Pass.over(
                ResourceView.of(resource),
                resource.isPaused() ? Mode.OBSERVE : null,
                () -> secrets.read(resource, connections),
                siblings.lookup(resource, context.getPrimaryCache()),
                this::mayAct,
                clock);
    }

    /** Writes the status when it changed, and tells the events. False when the resource changed meanwhile. */
    private boolean report(DbPerformance resource, List<ConcernOutcome> outcomes, Context<DbPerformance> context) {
        outcomes.forEach(outcome -> outcome.notices().forEach(notice -> events.record(resource, notice)));
        DbPerformanceStatus before = resource.getStatus();
        DbPerformanceStatus after = new StatusDraft(
                        before, resource.getMetadata().getGeneration(), clock.instant())
                .of(outcomes, resource.isPaused());
        if (!after.equals(before)) {
            if (!leadership.leads() || !write(resource, after, context)) {
                return false;
            }
            StatusDraft.transitions(before, after).forEach(notice -> events.record(resource, notice));
        }
        return true;
    }

    /**
     * Server-side apply on the version that this pass read: whoever looked at an older resource, such as a leader of yesterday,
     * writes nothing.
     */
    private boolean write(DbPerformance resource, DbPerformanceStatus status, Context<DbPerformance> context) {
        DbPerformance patch = new DbPerformance();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .withResourceVersion(resource.getMetadata().getResourceVersion())
                .build());
        patch.setStatus(status);
        try {
            DbPerformance now = client.resource(patch).subresource("status").patch(SERVER_SIDE_APPLY);
            patches.increment();
            // The informer may be a moment behind our own write.
            context.eventSourceRetriever()
                    .getControllerEventSource()
                    .handleRecentResourceUpdate(ResourceID.fromResource(resource), now, resource);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            LOG.log(Level.DEBUG, () -> ResourceId.of(resource) + " changed meanwhile, its status is written later");
            return false;
        }
    }

    @Override
    public DeleteControl cleanup(DbPerformance resource, Context<DbPerformance> context) {
        if (!mayAct()) { // whoever comes next cleans up
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(LATER);
        }
        Concerns.Deletion step = concerns.cleanUp(pass(resource, context), cleanupPatience);
        if (!step.ended() || !mayAct()) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(step.ended() ? LATER : step.again());
        }
        events.record(
                resource,
                step.complete()
                        ? Notice.normal("CleanedUp", step.message())
                        : Notice.warning("CleanupGivenUp", step.message()));
        concerns.forget(ResourceId.of(resource));
        siblings.cleanedUp(resource, context.getPrimaryCache());
        return DeleteControl.defaultDelete();
    }

    private void wake(DbPerformance resource) {
        concerns.wake(ResourceId.of(resource));
        wakeups.wake(ResourceID.fromResource(resource));
    }

    /** Ends what is being done, and begins nothing any more; passes still look and report. */
    public void stopWork() {
        stopping = true;
        concerns.stop();
    }

    /** Something of the cluster that a concern needs, such as a target and its pods, kept up to date by informers. */
    public interface ClusterView {

        /** Called once, before the informers are asked for. */
        default void ledBy(Leadership leadership) {}

        /** The concern that needs it. */
        Class<? extends Concern<?>> concern();

        /**
         * The informers. Each event makes JOSDK reconcile the resources that it is mapped to.
         *
         * @param due to be called, before that, for each resource for which the concern should run
         */
        List<EventSource<?, DbPerformance>> eventSources(
                EventSourceContext<DbPerformance> context, Consumer<ResourceID> due);
    }

    /**
     * How often and how long.
     *
     * @param longestInterval a resource is looked at this often when nothing else asks for it
     * @param cleanupPatience how long the deletion of a resource waits for its clean-up
     * @param allowedHosts hosts to which the password of any Secret may be sent
     */
    public record Settings(Duration longestInterval, Duration cleanupPatience, AllowedHosts allowedHosts) {}

    /**
     * Which changes of a resource are worth a pass: of its spec, its pausing and its deletion. The generation alone would
     * miss the annotation; every change would wake us by our own status.
     */
    public static final class WorthAPass implements OnUpdateFilter<DbPerformance> {

        @Override
        public boolean accept(DbPerformance now, DbPerformance before) {
            return !Objects.equals(
                            now.getMetadata().getGeneration(),
                            before.getMetadata().getGeneration())
                    || !now.pauses().equals(before.pauses())
                    || now.isMarkedForDeletion() != before.isMarkedForDeletion()
                    || !now.getMetadata()
                            .getFinalizers()
                            .equals(before.getMetadata().getFinalizers())
                    || !Objects.equals(
                            now.getMetadata().getUid(), before.getMetadata().getUid());
        }
    }

    /** Asks for another pass from outside of Kubernetes: a build went on, a sibling changed its claims. */
    private static final class Wakeups extends AbstractEventSource<Void, DbPerformance> {

        Wakeups() {
            super(Void.class, "wakeups");
        }

        void wake(ResourceID resource) {
            if (isRunning()) {
                getEventHandler().handleEvent(new Event(resource));
            }
        }

        /** Nothing to look up: it only wakes. */
        @Override
        public Set<Void> getSecondaryResources(DbPerformance primary) {
            return Set.of();
        }
    }
}

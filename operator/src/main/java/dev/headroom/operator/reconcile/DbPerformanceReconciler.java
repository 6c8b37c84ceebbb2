package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.DatabaseAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** From a resource to its concerns, and from what they say to one status patch. The states are in decision 0050. */
@ControllerConfiguration(
        name = DbPerformanceReconciler.NAME,
        finalizerName = DbPerformanceReconciler.FINALIZER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = WorthAPass.class))
public final class DbPerformanceReconciler implements Reconciler<DbPerformance>, Cleaner<DbPerformance> {

    public static final String NAME = "dbperformance";
    public static final String FINALIZER = "headroom.dev/release";

    private final Concerns concerns;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Wakeups wakeups = new Wakeups();
    private final SecretReader secrets;
    private final Neighbours neighbours;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Cadence cadence;
    private final Departure departure;

    public DbPerformanceReconciler(
            KubernetesClient client,
            Concerns concerns,
            Clock clock,
            MeterRegistry metrics,
            ConnectionCount connections,
            ReconcileSettings settings) {
        this.concerns = concerns;
        this.clock = clock;
        this.metrics = metrics;
        this.secrets = new SecretReader(client, settings.allowedHosts(), connections);
        this.neighbours = new Neighbours(wakeups::wake);
        this.statuses = new StatusWriter(client, metrics);
        this.events = new EventRecorder(client, clock, metrics);
        this.cadence = new Cadence(settings.longestInterval(), Math::random);
        this.departure = new Departure(concerns, clock, settings.releasePatience());
    }

    @Override
    public List<EventSource<?, DbPerformance>> prepareEventSources(EventSourceContext<DbPerformance> context) {
        context.getPrimaryCache().addIndexer(Neighbours.BY_DATABASE, Neighbours::key);
        return List.of(wakeups);
    }

    @Override
    public UpdateControl<DbPerformance> reconcile(DbPerformance resource, Context<DbPerformance> context) {
        long start = System.nanoTime();
        neighbours.moved(resource, context.getPrimaryCache());
        List<ConcernOutcome> outcomes = look(resource, context);
        report(resource, outcomes);
        boolean saw = outcomes.stream().allMatch(ConcernOutcome::looked);
        Timer.builder("headroom.reconcile.duration")
                .description("Time of one pass.")
                .tag("outcome", saw ? "saw" : "blind")
                .register(metrics)
                .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        Duration next = cadence.next(ResourceID.fromResource(resource), outcomes);
        return UpdateControl.<DbPerformance>noUpdate().rescheduleAfter(next);
    }

    private List<ConcernOutcome> look(DbPerformance resource, Context<DbPerformance> context) {
        List<SpecRules.Breach> breaches = SpecRules.breaches(resource.getSpec());
        if (!breaches.isEmpty()) {
            concerns.forget(Claims.idOf(resource));
            return concerns.blind(Verdict.no(
                    Reason.INVALID_SPEC,
                    breaches.stream().map(SpecRules.Breach::toString).collect(Collectors.joining("; "))));
        }
        return switch (secrets.read(resource)) {
            case Access.Closed closed -> concerns.blind(closed.why());
            case Access.Open open -> concerns.look(pass(resource, open.database(), context));
        };
    }

    private void report(DbPerformance resource, List<ConcernOutcome> outcomes) {
        DbPerformanceStatus before = statuses.current(resource);
        DbPerformanceStatus after = new StatusDraft(
                        before, resource.getMetadata().getGeneration(), clock.instant())
                .of(outcomes, resource.isPaused());
        statuses.write(resource, after);
        outcomes.forEach(outcome -> outcome.notices().forEach(notice -> events.record(resource, notice)));
        Transitions.between(before, after).forEach(notice -> events.record(resource, notice));
    }

    private Pass pass(DbPerformance resource, DatabaseAccess database, Context<DbPerformance> context) {
        ResourceID id = ResourceID.fromResource(resource);
        List<DbPerformance> others = neighbours.of(resource, context.getPrimaryCache());
        return new Pass(
                Claims.idOf(resource),
                resource.getSpec(),
                resource.isPaused() ? Mode.OBSERVE : resource.getSpec().indexMode(),
                database,
                Claims.takenFrom(resource, others),
                Claims.declaredElsewhere(resource, others),
                context.getPrimaryCache()
                        .list()
                        .map(each -> Claims.idOf(each).toString())
                        .collect(Collectors.toSet()),
                clock,
                () -> wakeups.wake(id));
    }

    @Override
    public DeleteControl cleanup(DbPerformance resource, Context<DbPerformance> context) {
        ResourceID id = ResourceID.fromResource(resource);
        Departure.Step step =
                departure.step(resource, secrets.read(resource), database -> pass(resource, database, context));
        if (!step.gone()) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(step.again());
        }
        events.record(
                resource,
                step.complete()
                        ? Notice.normal("Released", step.message())
                        : Notice.warning("ReleaseGivenUp", step.message()));
        concerns.forget(Claims.idOf(resource));
        statuses.forget(resource);
        cadence.forget(id);
        neighbours.letsGo(resource, context.getPrimaryCache());
        return DeleteControl.defaultDelete();
    }

    /** Ends what is being done, and begins nothing any more; passes still look and report. */
    public void stopWork() {
        concerns.stop();
    }
}

package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.support.VisibleText;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Notices as Kubernetes Events. The same notice again within the hour is counted and written with the next one that is
 * due; an Event that cannot be written (a namespace that is going, a missing right) is a log line, and tried again with the
 * next notice of its kind.
 */
final class EventRecorder {

    static final Duration QUIET = Duration.ofHours(1);
    private static final int REMEMBERED = 4096;
    private static final int LONGEST_MESSAGE = 1024;
    private static final Logger LOG = System.getLogger(EventRecorder.class.getName());

    private final KubernetesClient client;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Map<String, Seen> seen = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > REMEMBERED;
        }
    };

    EventRecorder(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.clock = clock;
        this.metrics = metrics;
    }

    void record(DbPerformance resource, Notice notice) {
        Counter.builder("headroom.notices")
                .description("Things worth an Event.")
                .tag("reason", notice.reason())
                .register(metrics)
                .increment();
        LOG.log(
                notice.severity() == Notice.Severity.WARNING ? Level.WARNING : Level.INFO,
                () -> resource.getMetadata().getNamespace() + "/"
                        + resource.getMetadata().getName() + ": " + notice.reason() + ": " + notice.message());
        Instant now = clock.instant();
        String key = key(resource, notice);
        int count = due(key, now);
        if (count > 0 && !write(resource, notice, count, now)) {
            unwritten(key, count);
        }
    }

    /** How often a notice is to be reported now; 0 when it was, within the hour. */
    private synchronized int due(String key, Instant now) {
        Seen last = seen.get(key);
        if (last != null && Duration.between(last.written(), now).compareTo(QUIET) < 0) {
            seen.put(key, new Seen(last.written(), last.unwritten() + 1));
            return 0;
        }
        seen.put(key, new Seen(now, 0));
        return 1 + (last == null ? 0 : last.unwritten());
    }

    /** The next notice of this kind is due at once, and counts these too. */
    private synchronized void unwritten(String key, int count) {
        Seen last = seen.get(key);
        seen.put(key, new Seen(Instant.EPOCH, count + (last == null ? 0 : last.unwritten())));
    }

    /** False when the API server did not take it. */
    private boolean write(DbPerformance resource, Notice notice, int count, Instant now) {
        String message = VisibleText.of(notice.message());
        String text = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
        Event event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(resource.getMetadata().getName() + ".")
                .withNamespace(resource.getMetadata().getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .withUid(resource.getMetadata().getUid())
                .endInvolvedObject()
                .withType(notice.severity() == Notice.Severity.WARNING ? "Warning" : "Normal")
                .withReason(notice.reason())
                .withMessage(text)
                .withCount(count)
                .withFirstTimestamp(now.toString())
                .withLastTimestamp(now.toString())
                .withNewSource()
                .withComponent(DbPerformanceReconciler.FIELD_MANAGER)
                .endSource()
                .withReportingComponent("headroom.dev/operator")
                .withReportingInstance("")
                .build();
        try {
            client.v1()
                    .events()
                    .inNamespace(resource.getMetadata().getNamespace())
                    .resource(event)
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            LOG.log(Level.DEBUG, "event not written: {0}", e.getMessage());
            return false;
        }
    }

    private static String key(DbPerformance resource, Notice notice) {
        return String.join(
                "\n",
                resource.getMetadata().getUid(),
                notice.severity().name().toLowerCase(Locale.ROOT),
                notice.reason(),
                notice.message());
    }

    private record Seen(Instant written, int unwritten) {}
}

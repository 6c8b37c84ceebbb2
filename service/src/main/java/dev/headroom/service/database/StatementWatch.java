package dev.headroom.service.database;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Where every statement is told when it ends: to the metrics, the request's profile and, when slow, the log. */
final class StatementWatch {

    private static final System.Logger LOG = System.getLogger("dev.headroom.service.statements");
    private static final int KEPT_SLOW = 256;

    private final WatchSettings settings;
    private final InstantSource clock;
    private final StatementMetrics metrics = new StatementMetrics();
    private final SlowStatements slow = new SlowStatements(KEPT_SLOW);

    StatementWatch(WatchSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    StatementMetrics metrics() {
        return metrics;
    }

    SlowStatements slow() {
        return slow;
    }

    void waited(long nanos) {
        metrics.waited(nanos);
        StatementProfile.current().ifPresent(profile -> profile.waited(nanos));
    }

    void failed(String statement, DatabaseFailure failure) {
        metrics.failed(statement, failure.kind());
    }

    void ended(RunningStatement running, String statement, long nanos, long waitedNanos) {
        metrics.ran(statement, nanos);
        Optional<StatementProfile> profile = StatementProfile.current();
        if (profile.isPresent()) {
            int times = profile.get().end(running, statement, nanos);
            if (times == settings.repeated()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "statement {0} ran {1} times in one request (route {2}, request {3}): make it one statement,"
                                + " or raise profile.repeated-statements",
                        statement,
                        times,
                        profile.get().route(),
                        profile.get().requestId());
            }
        }
        if (nanos >= settings.slowWarn().toNanos()) {
            slow(statement, nanos, waitedNanos, profile);
        }
    }

    private void slow(String statement, long nanos, long waitedNanos, Optional<StatementProfile> profile) {
        SlowStatement found = new SlowStatement(
                Instant.ofEpochMilli(clock.millis()),
                statement,
                Duration.ofNanos(nanos),
                Duration.ofNanos(waitedNanos),
                profile.map(StatementProfile::route).orElse(""),
                profile.map(StatementProfile::requestId).orElse(""));
        slow.add(found);
        boolean severe = nanos >= settings.slowError().toNanos();
        LOG.log(
                severe ? System.Logger.Level.ERROR : System.Logger.Level.WARNING,
                "slow statement {0}: {1} ms, after {2} ms of waiting for a connection (route {3}, request {4})",
                statement,
                Long.toString(found.took().toMillis()),
                Long.toString(found.waited().toMillis()),
                found.route(),
                found.requestId());
    }
}

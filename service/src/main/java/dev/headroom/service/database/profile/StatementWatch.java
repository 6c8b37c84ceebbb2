package dev.headroom.service.database.profile;

import dev.headroom.service.database.settings.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where every statement is told when it begins and ends: for the metrics, the request's profile and, when slow, the log. */
public final class StatementWatch {

    private static final System.Logger LOG = System.getLogger("dev.headroom.service.statements");
    private static final int KEPT_SLOW = 256;

    private final WatchSettings settings;
    private final InstantSource clock;
    private final StatementMetrics metrics = new StatementMetrics();
    private final SlowStatements slow = new SlowStatements(KEPT_SLOW);

    public StatementWatch(WatchSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    public StatementMetrics metrics() {
        return metrics;
    }

    public SlowStatements slow() {
        return slow;
    }

    public void waited(long nanos) {
        metrics.waited(nanos);
        StatementProfile.current().ifPresent(profile -> profile.waited(nanos));
    }

    public void failed(String statement, String kind) {
        metrics.failed(statement, kind);
    }

    public void end(RunningStatement statement) {
        long nanos = statement.ranNanos();
        metrics.ran(statement.name(), nanos);
        Optional<StatementProfile> profile = StatementProfile.current();
        if (profile.isPresent() && profile.get().ran(statement.name(), nanos) == settings.repeated()) {
            repeated(statement.name(), profile.get());
        }
        if (nanos >= settings.slowWarn().toNanos()) {
            slow(statement, nanos, profile);
        }
    }

    private void repeated(String statement, StatementProfile profile) {
        LOG.log(
                System.Logger.Level.WARNING,
                "statement {0} ran {1} times in one request (route {2}, request {3}): make it one statement,"
                        + " or raise profile.repeated-statements",
                statement,
                Integer.toString(settings.repeated()),
                profile.route(),
                profile.requestId());
    }

    private void slow(RunningStatement statement, long nanos, Optional<StatementProfile> profile) {
        SlowStatement found = new SlowStatement(
                Instant.ofEpochMilli(clock.millis()),
                statement.name(),
                Duration.ofNanos(nanos),
                Duration.ofNanos(statement.waitedNanos()),
                profile.map(StatementProfile::route).orElse(""),
                profile.map(StatementProfile::requestId).orElse(""));
        slow.add(found);
        boolean severe = nanos >= settings.slowError().toNanos();
        LOG.log(
                severe ? System.Logger.Level.ERROR : System.Logger.Level.WARNING,
                "slow statement {0}: {1} ms, after {2} ms of waiting for a connection ({3}){4}",
                found.statement(),
                Long.toString(found.took().toMillis()),
                Long.toString(found.waited().toMillis()),
                found.requestId().isEmpty()
                        ? "for no request"
                        : "route " + found.route() + ", request " + found.requestId(),
                settings.logValues() ? values(statement) : "");
    }

    private static String values(RunningStatement statement) {
        return statement.params().stream()
                .map(param -> String.valueOf(param.value()))
                .collect(Collectors.joining(", ", " with [", "]"));
    }
}

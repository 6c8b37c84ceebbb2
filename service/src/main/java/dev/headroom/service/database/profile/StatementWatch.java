package dev.headroom.service.database.profile;

import dev.headroom.service.database.settings.WatchSettings;
import dev.headroom.service.logging.BoundedLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where every statement is told when it begins and ends: for the metrics, the request's profile and, when slow, the log. */
public final class StatementWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.headroom.service.statements");
    private static final int KEPT_SLOW = 256;

    private final WatchSettings settings;
    private final InstantSource clock;
    private final StatementMetrics metrics = new StatementMetrics();
    private final SlowStatements slow = new SlowStatements(KEPT_SLOW);
    private final BoundedLog slowLog;
    private final BoundedLog repetitions;

    public StatementWatch(WatchSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.slowLog = log("slow statement");
        this.repetitions = log("repeated statement");
    }

    private BoundedLog log(String what) {
        return new BoundedLog(LOG, settings.slowLines(), what, "profile.slow-statement-lines");
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

    /** From the moment when a connection was taken until it came back: its rows were read by then. */
    public void held(long nanos) {
        metrics.held(nanos);
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
        repetitions.write(
                Level.WARNING,
                () -> ("statement %s ran %d times in one request (route %s, request %s): make it one statement,"
                                + " or raise profile.repeated-statements")
                        .formatted(statement, settings.repeated(), profile.route(), profile.requestId()));
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
        slowLog.write(level(nanos, profile), () -> line(found, statement));
    }

    /** Nobody can make the statements of a start faster, and the first ones of a process are slow by nature. */
    private Level level(long nanos, Optional<StatementProfile> profile) {
        if (profile.isEmpty() && StatementProfile.isStart()) {
            return Level.DEBUG;
        }
        return nanos >= settings.slowError().toNanos() ? Level.ERROR : Level.WARNING;
    }

    private String line(SlowStatement found, RunningStatement statement) {
        String asked = found.requestId().isEmpty()
                ? StatementProfile.backgroundWork()
                : "route " + found.route() + ", request " + found.requestId();
        return "slow statement %s: %d ms, after %d ms of waiting for a connection (%s)%s"
                .formatted(
                        found.statement(),
                        found.took().toMillis(),
                        found.waited().toMillis(),
                        asked,
                        settings.logValues() ? values(statement) : "");
    }

    private static String values(RunningStatement statement) {
        return statement.params().stream()
                .map(param -> String.valueOf(param.value()))
                .collect(Collectors.joining(", ", " with [", "]"));
    }

    @Override
    public void close() {
        slowLog.close();
        repetitions.close();
    }
}

package dev.headroom.operator.crd;

import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import dev.headroom.operator.crd.IndexesSpec.BuildSpec;
import dev.headroom.support.Durations;
import dev.headroom.support.Sizes;
import dev.headroom.support.VisibleText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@link Rules} in Java: for files that no API server has seen, and for clusters where an older CRD let
 * something through. A test holds both against the same cases.
 */
public final class SpecRules {

    private static final Pattern DIRECTION = Pattern.compile(" (asc|desc|nulls first|nulls last)$");

    private final List<Breach> breaches = new ArrayList<>();

    private SpecRules() {}

    /** One broken rule and where, such as spec.indexes.declared[2].keys[0]. */
    public record Breach(String path, String message) {
        @Override
        public String toString() {
            return path + ": " + message;
        }
    }

    /** Of all sections. */
    public static List<Breach> breaches(DbPerformanceSpec spec) {
        return Stream.of(ofDatabase(spec), ofIndexes(spec), ofCapacity(spec))
                .flatMap(List::stream)
                .toList();
    }

    /** Of what every concern needs. */
    public static List<Breach> ofDatabase(DbPerformanceSpec spec) {
        SpecRules rules = new SpecRules();
        rules.tls(spec.database().tls());
        rules.oneLine("spec.database.name", spec.database().name());
        rules.eachInOneLine("spec.database.schemas", spec.database().schemas());
        return rules.breaches;
    }

    public static List<Breach> ofIndexes(DbPerformanceSpec spec) {
        SpecRules rules = new SpecRules();
        rules.build(spec.indexes().build());
        Set<List<String>> names = new HashSet<>();
        for (int i = 0; i < spec.indexes().declared().size(); i++) {
            IndexDeclaration index = spec.indexes().declared().get(i);
            if (!names.add(List.of(String.valueOf(index.schema()), index.name()))) {
                rules.add("spec.indexes", Rules.NAMES_ARE_UNIQUE_MESSAGE + ": " + index.name());
            }
            rules.index("spec.indexes.declared[" + i + "]", index);
        }
        return rules.breaches;
    }

    /** Of the target, its pool and its replicas. */
    public static List<Breach> ofCapacity(DbPerformanceSpec spec) {
        SpecRules rules = new SpecRules();
        if (spec.pool() != null) {
            rules.pool(spec.pool(), spec.target());
        }
        if (spec.replicas() != null) {
            rules.replicas(spec.replicas(), spec);
        }
        if ((spec.metrics().source() == MetricsSpec.Source.PROMETHEUS)
                != (spec.metrics().prometheus() != null)) {
            rules.add("spec.metrics", Rules.PROMETHEUS_IS_USED_MESSAGE);
        }
        rules.duration(
                "spec.metrics.interval",
                spec.metrics().interval(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Rules.METRICS_INTERVAL_RANGE_MESSAGE);
        if (spec.objective() != null) {
            rules.objective("request", spec.objective().request());
            rules.objective("statement", spec.objective().statement());
        }
        return rules.breaches;
    }

    private void objective(String which, ObjectiveSpec.@Nullable Latency latency) {
        if (latency != null) {
            duration(
                    "spec.objective." + which + ".under",
                    latency.under(),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(10),
                    Rules.OBJECTIVE_RANGE_MESSAGE);
        }
    }

    private void pool(PoolSpec pool, @Nullable TargetSpec target) {
        if (target == null) {
            add("spec", Rules.POOL_NEEDS_TARGET_MESSAGE);
        }
        if (pool.minPerReplica() > pool.maxPerReplica()) {
            add("spec.pool", Rules.POOL_BOUNDS_MESSAGE);
        }
    }

    private void replicas(ReplicasSpec replicas, DbPerformanceSpec spec) {
        if (spec.target() == null
                || spec.objective() == null
                || spec.objective().request() == null) {
            add("spec", Rules.REPLICAS_NEED_OBJECTIVE_MESSAGE);
        }
        if (replicas.min() > replicas.max()) {
            add("spec.replicas", Rules.REPLICA_BOUNDS_MESSAGE);
        }
        Duration second = Duration.ofSeconds(1);
        Duration halfAnHour = Duration.ofMinutes(30);
        String path = "spec.replicas.";
        ReplicasSpec.ScaleDown down = replicas.scaleDown();
        duration(path + "scaleUp.period", replicas.scaleUp().period(), second, halfAnHour, Rules.PERIOD_RANGE_MESSAGE);
        duration(path + "scaleDown.period", down.period(), second, halfAnHour, Rules.PERIOD_RANGE_MESSAGE);
        Duration day = Duration.ofDays(1);
        duration(path + "scaleDown.minWindow", down.minWindow(), Duration.ZERO, day, Rules.WINDOW_RANGE_MESSAGE);
        duration(path + "scaleDown.maxWindow", down.maxWindow(), Duration.ZERO, day, Rules.WINDOW_RANGE_MESSAGE);
        if (breaches.isEmpty() && Durations.parse(down.minWindow()).compareTo(Durations.parse(down.maxWindow())) > 0) {
            add(path + "scaleDown", Rules.WINDOWS_IN_ORDER_MESSAGE);
        }
        for (int i = 0; i < replicas.blackouts().size(); i++) {
            blackout(path + "blackouts[" + i + "]", replicas.blackouts().get(i));
        }
    }

    /** What a schema cannot say: whether a schedule and a time zone exist. */
    private void blackout(String path, ReplicasSpec.Blackout blackout) {
        duration(
                path + ".duration",
                blackout.duration(),
                Duration.ofMinutes(1),
                Duration.ofDays(1),
                Rules.BLACKOUT_RANGE_MESSAGE);
        try {
            CronSchedule.of(blackout.schedule());
        } catch (IllegalArgumentException e) {
            add(path + ".schedule", String.valueOf(e.getMessage()));
        }
        try {
            ZoneId.of(blackout.timeZone());
        } catch (DateTimeException e) {
            add(path + ".timeZone", "there is no time zone " + blackout.timeZone() + "; one is Europe/Berlin");
        }
    }

    private void tls(TlsSpec tls) {
        boolean verifies = tls.mode() == TlsSpec.TlsMode.VERIFY_CA || tls.mode() == TlsSpec.TlsMode.VERIFY_FULL;
        if (tls.caSecretRef() != null && !verifies) {
            add("spec.database.tls", Rules.CA_IS_USED_MESSAGE);
        }
    }

    private void build(BuildSpec build) {
        duration(
                "spec.indexes.build.lockTimeout",
                build.lockTimeout(),
                Duration.ofMillis(10),
                Duration.ofMinutes(10),
                Rules.LOCK_TIMEOUT_RANGE_MESSAGE);
        duration(
                "spec.indexes.build.statementTimeout",
                build.statementTimeout(),
                Duration.ofSeconds(1),
                Duration.ofDays(7),
                Rules.BUILD_LIMIT_RANGE_MESSAGE);
        String memory = build.maintenanceWorkMem();
        if (memory != null && !memory.matches(Sizes.PATTERN_WITH_UNIT)) {
            add("spec.indexes.build.maintenanceWorkMem", "not an amount of memory such as 256Mi or 1Gi: " + memory);
        }
    }

    private void duration(String path, String text, Duration least, Duration most, String message) {
        try {
            Duration duration = Durations.parse(text);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                add(path, message);
            }
        } catch (IllegalArgumentException e) {
            add(path, String.valueOf(e.getMessage()));
        }
    }

    private void index(String path, IndexDeclaration index) {
        oneLine(path + ".name", index.name());
        oneLine(path + ".table", index.table());
        oneLine(path + ".schema", index.schema());
        oneLine(path + ".where", index.where());
        eachInOneLine(path + ".columns", index.columns());
        eachInOneLine(path + ".include", index.include());
        index.storageParameters().forEach((name, value) -> {
            oneLine(path + ".storageParameters", name);
            oneLine(path + ".storageParameters." + VisibleText.of(name), value);
        });
        if (index.columns().isEmpty() == index.keys().isEmpty()) {
            add(path, Rules.COLUMNS_OR_KEYS_MESSAGE);
        }
        if (index.columns().stream()
                .anyMatch(column ->
                        DIRECTION.matcher(column.toLowerCase(Locale.ROOT)).find())) {
            add(path, Rules.PLAIN_COLUMNS_MESSAGE);
        }
        if (index.nullsNotDistinct() && !index.unique()) {
            add(path, Rules.NULLS_NEED_UNIQUE_MESSAGE);
        }
        for (int k = 0; k < index.keys().size(); k++) {
            key(path + ".keys[" + k + "]", index.keys().get(k));
        }
    }

    private void key(String path, IndexKey key) {
        oneLine(path + ".column", key.column());
        oneLine(path + ".expression", key.expression());
        oneLine(path + ".opclass", key.opclass());
        oneLine(path + ".collation", key.collation());
        if (given(key.column()) == given(key.expression())) {
            add(path, Rules.COLUMN_OR_EXPRESSION_MESSAGE);
        }
    }

    private void eachInOneLine(String path, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            oneLine(path + "[" + i + "]", texts.get(i));
        }
    }

    private void oneLine(String path, @Nullable String text) {
        if (text != null && !text.matches(Rules.ONE_LINE)) {
            add(
                    path,
                    Rules.ONE_LINE_MESSAGE.formatted(
                            VisibleText.firstHidden(text).orElse(0)));
        }
    }

    private static boolean given(@Nullable String text) {
        return text != null;
    }

    private void add(String path, String message) {
        breaches.add(new Breach(path, message));
    }
}

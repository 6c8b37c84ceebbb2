package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.support.Durations;
import dev.headroom.support.Sizes;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one build may take, of time and of the server. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BuildSpec(
        @JsonPropertyDescription(
                "How long a statement of a build or a drop may wait for a lock, or for older transactions to end, such as"
                        + " 10s or 500ms. When it is over, what was left behind is removed, and it is tried again later.")
        @Default("10s")
        @ValidationRule(value = Rules.LOCK_TIMEOUT_RANGE, message = Rules.LOCK_TIMEOUT_RANGE_MESSAGE)
        @Pattern(Durations.PATTERN_WITHOUT_DAYS)
        String lockTimeout,

        @JsonPropertyDescription(
                "How long one index may take to build, such as 30m or 2h. At the end of it the build is cancelled, what"
                        + " it left behind is removed, and it is tried again later.")
        @Default("1h")
        @ValidationRule(value = Rules.BUILD_LIMIT_RANGE, message = Rules.BUILD_LIMIT_RANGE_MESSAGE)
        @Pattern(Durations.PATTERN_WITHOUT_DAYS)
        String statementTimeout,

        @JsonPropertyDescription(
                "Memory for sorting in a build, such as 256Mi or 1Gi. The server's maintenance_work_mem when not given.")
        @Nullable
        @Pattern(Sizes.PATTERN_WITH_UNIT)
        String maintenanceWorkMem,

        @JsonPropertyDescription(
                "Workers that help a build; 0 builds without helpers. The server's max_parallel_maintenance_workers"
                        + " when not given.")
        @Nullable
        @Min(0)
        @Max(64)
        Integer parallelWorkers) {

    public static final BuildSpec DEFAULT = new BuildSpec("10s", "1h", null, null);

    public BuildSpec {
        lockTimeout = requireNonNullElse(lockTimeout, "10s");
        statementTimeout = requireNonNullElse(statementTimeout, "1h");
    }

    public Duration lockLimit() {
        return Durations.parse(lockTimeout);
    }

    public Duration buildLimit() {
        return Durations.parse(statementTimeout);
    }

    /** {@link #maintenanceWorkMem} in the kilobytes that PostgreSQL's setting takes. */
    public @Nullable Long maintenanceWorkMemKilobytes() {
        return maintenanceWorkMem == null ? null : Sizes.parse(maintenanceWorkMem) / 1024;
    }
}

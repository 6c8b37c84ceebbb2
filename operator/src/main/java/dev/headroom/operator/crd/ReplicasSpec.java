package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.support.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many replicas, sized for objective.request. The terms are those of HorizontalPodAutoscaler v2. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.REPLICA_BOUNDS, message = Rules.REPLICA_BOUNDS_MESSAGE)
public record ReplicasSpec(
        @JsonPropertyDescription("Instead of spec.mode, for the replicas alone.") @Nullable
        Mode mode,

        @JsonPropertyDescription("The fewest replicas.") @Default("1") @Min(1) @Max(10_000)
        Integer min,

        @JsonPropertyDescription("The most replicas.") @Required @Min(1) @Max(10_000)
        Integer max,

        @JsonPropertyDescription(
                "Part of the objective by which the latency may be above it before anything is done about it.")
        @Default("10%")
        @Pattern("^[0-9]{1,2}%$")
        String tolerance,

        @JsonPropertyDescription("How fast replicas may be added.")
        @Default("{\"pods\": 8, \"percent\": 300, \"period\": \"15s\"}")
        Rate scaleUp,

        @JsonPropertyDescription("How fast and how soon replicas may be removed.") @Default("{}")
        ScaleDown scaleDown,

        @JsonPropertyDescription("Times in which replicas are not changed, such as those of a batch run.")
        @Size(max = 32)
        List<Blackout> blackouts) {

    public ReplicasSpec {
        min = requireNonNullElse(min, 1);
        tolerance = requireNonNullElse(tolerance, "10%");
        scaleUp = requireNonNullElse(scaleUp, new Rate(8, 300, "15s"));
        scaleDown = requireNonNullElse(scaleDown, new ScaleDown(4, 100, "15s", "30s", "1h"));
        blackouts = blackouts == null ? List.of() : List.copyOf(blackouts);
    }

    public double toleratedPart() {
        return Integer.parseInt(tolerance.substring(0, tolerance.length() - 1)) / 100.0;
    }

    /** The larger of two amounts within a period. */
    public record Rate(
            @JsonPropertyDescription("At most so many replicas in a period; the larger of pods and percent counts.")
            @Default("8")
            @Min(0)
            @Max(10_000)
            Integer pods,

            @JsonPropertyDescription("At most this percentage of the replicas in a period; the larger of both counts.")
            @Default("300")
            @Min(0)
            @Max(10_000)
            Integer percent,

            @JsonPropertyDescription("Length of the period, such as 15s.")
            @Default("15s")
            @Pattern(Durations.PATTERN_WITHOUT_DAYS)
            @ValidationRule(value = Rules.PERIOD_RANGE, message = Rules.PERIOD_RANGE_MESSAGE)
            String period) {

        public Rate {
            pods = requireNonNullElse(pods, 8);
            percent = requireNonNullElse(percent, 300);
            period = requireNonNullElse(period, "15s");
        }
    }

    /** As a rate, with the time that a replica has to be unneeded before it goes. */
    @ValidationRule(value = Rules.WINDOWS_IN_ORDER, message = Rules.WINDOWS_IN_ORDER_MESSAGE)
    public record ScaleDown(
            @JsonPropertyDescription("At most so many replicas in a period; the larger of pods and percent counts.")
            @Default("4")
            @Min(0)
            @Max(10_000)
            Integer pods,

            @JsonPropertyDescription("At most this percentage of the replicas in a period; the larger of both counts.")
            @Default("100")
            @Min(0)
            @Max(100)
            Integer percent,

            @JsonPropertyDescription("Length of the period, such as 15s.")
            @Default("15s")
            @Pattern(Durations.PATTERN_WITHOUT_DAYS)
            @ValidationRule(value = Rules.PERIOD_RANGE, message = Rules.PERIOD_RANGE_MESSAGE)
            String period,

            @JsonPropertyDescription(
                    "The shortest time that a replica is unneeded before it is removed. Between this and maxWindow the"
                            + " operator learns for each number of replicas how long the load usually stays away.")
            @Default("30s")
            @Pattern(Durations.PATTERN_WITHOUT_DAYS)
            @ValidationRule(value = Rules.WINDOW_RANGE, message = Rules.WINDOW_RANGE_MESSAGE)
            String minWindow,

            @JsonPropertyDescription("The longest.")
            @Default("1h")
            @Pattern(Durations.PATTERN_WITHOUT_DAYS)
            @ValidationRule(value = Rules.WINDOW_RANGE, message = Rules.WINDOW_RANGE_MESSAGE)
            String maxWindow) {

        public ScaleDown {
            pods = requireNonNullElse(pods, 4);
            percent = requireNonNullElse(percent, 100);
            period = requireNonNullElse(period, "15s");
            minWindow = requireNonNullElse(minWindow, "30s");
            maxWindow = requireNonNullElse(maxWindow, "1h");
        }
    }

    /** A time that comes again. */
    @JsonClassDescription("A time that comes again.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Blackout(
            @JsonPropertyDescription(
                    "When it begins, as cron has it: minute, hour, day of the month, month, day of the week; \"0 22 * * 1-5\" is"
                            + " ten in the evening from Monday to Friday.")
            @Required
            @Size(min = 9, max = 100)
            String schedule,

            @JsonPropertyDescription("How long it lasts, such as 2h.")
            @Required
            @Pattern(Durations.PATTERN_WITHOUT_DAYS)
            @ValidationRule(value = Rules.BLACKOUT_RANGE, message = Rules.BLACKOUT_RANGE_MESSAGE)
            String duration,

            @JsonPropertyDescription("The time zone of the schedule, such as Europe/Berlin.")
            @Default("UTC")
            @Size(max = 64)
            String timeZone,

            @JsonPropertyDescription("What is still done then: None (the default), ScaleUp or ScaleDown.")
            @Default("None")
            Allowed allow) {

        public Blackout {
            timeZone = requireNonNullElse(timeZone, "UTC");
            allow = requireNonNullElse(allow, Allowed.NONE);
        }

        public Duration length() {
            return Durations.parse(duration);
        }

        /** Changes that go on in a blackout. */
        public enum Allowed {
            @JsonProperty("None")
            NONE,
            @JsonProperty("ScaleUp")
            SCALE_UP,
            @JsonProperty("ScaleDown")
            SCALE_DOWN
        }
    }
}

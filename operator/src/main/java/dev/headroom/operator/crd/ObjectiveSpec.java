package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.support.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast the target has to be. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ObjectiveSpec(
        @JsonPropertyDescription("Of the requests that the target answers. Replicas are sized for it.") @Nullable
        Latency request,

        @JsonPropertyDescription(
                "Of the target's statements. Statements that are slower are a sign that the database is the bottleneck, which"
                        + " more replicas do not help.")
        @Nullable
        Latency statement) {

    public static final ObjectiveSpec NONE = new ObjectiveSpec(null, null);

    /** A percentile and its bound. */
    public record Latency(
            @JsonPropertyDescription("The percentile that counts, such as 95.") @Default("95") @Min(50) @Max(99)
            Integer percentile,

            @JsonPropertyDescription("The time that it has to be under, such as 200ms.")
            @Required
            @Pattern(Durations.PATTERN_WITHOUT_DAYS)
            @ValidationRule(value = Rules.OBJECTIVE_RANGE, message = Rules.OBJECTIVE_RANGE_MESSAGE)
            String under) {

        public Latency {
            percentile = requireNonNullElse(percentile, 95);
        }

        public Duration limit() {
            return Durations.parse(under);
        }
    }
}

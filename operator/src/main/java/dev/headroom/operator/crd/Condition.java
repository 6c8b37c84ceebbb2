package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A condition as Kubernetes knows them. */
@JsonClassDescription("One condition, as Kubernetes knows them.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @JsonPropertyDescription("What the condition is about, such as Ready or IndexesReady.") @Required
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required
        Truth status,

        @JsonPropertyDescription("Why, in one word. Each has its page in docs/runbooks.") @Required
        String reason,

        @JsonPropertyDescription("Why, for a person.") @Required
        String message,

        @JsonPropertyDescription("When status last changed, in RFC 3339.") @Required
        String lastTransitionTime,

        @JsonPropertyDescription("The generation of the spec that the condition is about.") @Nullable
        Long observedGeneration) {

    /** The three answers a condition has. */
    public enum Truth {
        @JsonProperty("True")
        TRUE,
        @JsonProperty("False")
        FALSE,
        @JsonProperty("Unknown")
        UNKNOWN
    }
}

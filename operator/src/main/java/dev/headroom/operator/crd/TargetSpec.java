package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The workload whose pools and replicas are sized. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TargetSpec(
        @JsonPropertyDescription("Deployment (the default) or StatefulSet.") @Default("Deployment")
        Kind kind,

        @JsonPropertyDescription("Its name, in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Rules.KUBERNETES_NAME)
        String name,

        @JsonPropertyDescription(
                "The container that holds the pool and serves the metrics; the first one of the pod when not given. Its"
                        + " processor limit, or else its request, is what one replica can do.")
        @Nullable
        @Size(min = 1, max = 63)
        @Pattern(Rules.KUBERNETES_NAME)
        String container) {

    public TargetSpec {
        kind = requireNonNullElse(kind, Kind.DEPLOYMENT);
    }

    /** As people write it: Deployment/shop. */
    @Override
    public String toString() {
        return kind + "/" + name;
    }

    /** The kinds that have a scale and make their pods from one template. */
    public enum Kind {
        @JsonProperty("Deployment")
        DEPLOYMENT("Deployment"),
        @JsonProperty("StatefulSet")
        STATEFUL_SET("StatefulSet");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}

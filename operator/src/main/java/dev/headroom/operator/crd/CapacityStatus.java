package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was measured of the target, what was decided, and why. */
@JsonClassDescription(
        "The target as it was measured and what was decided about it. The numbers are written at each change, and else once a"
                + " minute.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CapacityStatus(
        @JsonPropertyDescription("Replicas that the target asks for.") @Nullable
        Integer replicas,

        @JsonPropertyDescription("Pods of it that are ready.") @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("Replicas that it should have.") @Nullable
        Integer wantedReplicas,

        @JsonPropertyDescription("The request latency at the percentile of the objective, in milliseconds.") @Nullable
        Integer latencyMillis,

        @JsonPropertyDescription("Requests that this latency is of.") @Nullable
        Long samples,

        @JsonPropertyDescription("The pool of each pod and the budget it has to fit into.") @Nullable
        PoolStatus pool,

        @JsonPropertyDescription(
                "The last 20 decisions, the newest last; one that says the same again is not repeated.")
        List<Decision> decisions,

        @JsonPropertyDescription("The queries that Prometheus is asked.")
        List<String> queries) {

    /** How many decisions are kept. */
    public static final int DECISIONS = 20;

    public CapacityStatus {
        decisions = decisions == null ? List.of() : List.copyOf(decisions);
        queries = queries == null ? List.of() : List.copyOf(queries);
    }

    /** One decision with its numbers. */
    @JsonClassDescription("One decision with its numbers.")
    public record Decision(
            @JsonPropertyDescription("When, in RFC 3339.") @Required
            String time,

            @JsonPropertyDescription("What was decided and why.") @Required
            String sentence) {}

    /** The size of each pod's pool, and this resource's part of the server's connections. */
    @JsonClassDescription("The size of each pod's pool, and this resource's part of the server's connections.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PoolStatus(
            @JsonPropertyDescription("The size that is published; without it, none is yet.") @Nullable
            Integer size,

            @JsonPropertyDescription("Its generation.") @Nullable
            Long generation,

            @JsonPropertyDescription("Pods that have it in force.") @Nullable
            Integer podsInForce,

            @JsonPropertyDescription("The system identifier of the server, the same for all names of it.") @Required
            String server,

            @JsonPropertyDescription("How the budget of the server came about.") @Required
            String budget,

            @JsonPropertyDescription("Connections of it that this resource may use now.") @Required
            int granted,

            @JsonPropertyDescription("Connections that its pods hold or may still open.") @Required
            int mayHold) {}
}

package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The connection pool of each replica, inside the connection budget of the database server. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.POOL_BOUNDS, message = Rules.POOL_BOUNDS_MESSAGE)
public record PoolSpec(
        @JsonPropertyDescription("Instead of spec.mode, for the pool size alone.") @Nullable
        Mode mode,

        @JsonPropertyDescription("Connections that a replica needs at least.") @Default("2") @Min(1) @Max(1000)
        Integer minPerReplica,

        @JsonPropertyDescription("Connections that a replica gets at most.") @Default("10") @Min(1) @Max(1000)
        Integer maxPerReplica,

        @JsonPropertyDescription(
                "Connections of the server that are kept free for other users, such as people, backups and other"
                        + " applications. Where more of them are seen, those count.")
        @Default("5")
        @Min(0)
        @Max(100_000)
        Integer reservedConnections,

        @JsonPropertyDescription(
                "Weight of this resource where several divide the budget of one server: one with 2 gets twice as many as"
                        + " one with 1.")
        @Default("1")
        @Min(1)
        @Max(1000)
        Integer share,

        @JsonPropertyDescription(
                "Processor cores of the database server, which nobody can ask it for. With them a pool gets no more"
                        + " connections than these can work on, and sessions that wait for a core are noticed.")
        @Nullable
        @Min(1)
        @Max(10_000)
        Integer databaseCores) {

    public PoolSpec {
        minPerReplica = requireNonNullElse(minPerReplica, 2);
        maxPerReplica = requireNonNullElse(maxPerReplica, 10);
        reservedConnections = requireNonNullElse(reservedConnections, 5);
        share = requireNonNullElse(share, 1);
    }
}

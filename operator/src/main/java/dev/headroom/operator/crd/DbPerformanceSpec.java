package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What is wanted. A field stands here only when it does something. */
@JsonClassDescription("What is wanted of the database.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.SAME_DATABASE, message = Rules.SAME_DATABASE_MESSAGE)
@ValidationRule(value = Rules.POOL_NEEDS_TARGET, message = Rules.POOL_NEEDS_TARGET_MESSAGE)
@ValidationRule(value = Rules.REPLICAS_NEED_OBJECTIVE, message = Rules.REPLICAS_NEED_OBJECTIVE_MESSAGE)
public record DbPerformanceSpec(
        @JsonPropertyDescription(
                "Observe (the default) changes nothing, neither in the database nor in the cluster: the status says what"
                        + " would be done, as exact SQL. Apply does it. A section may have a mode of its own.")
        @Default("Observe")
        Mode mode,

        @JsonPropertyDescription("The database this resource is about, and how to reach it.") @Required
        DatabaseSpec database,

        @JsonPropertyDescription("The indexes wanted in the database, and how they are built.") @Default("{}")
        IndexesSpec indexes,

        @JsonPropertyDescription("The workload whose connection pools and replicas are sized.") @Nullable
        TargetSpec target,

        @JsonPropertyDescription("How fast the target has to be.") @Nullable
        ObjectiveSpec objective,

        @JsonPropertyDescription("Where the target's measurements come from.") @Default("{}")
        MetricsSpec metrics,

        @JsonPropertyDescription("With it, the pool of each replica is sized inside the database's connection budget.")
        @Nullable
        PoolSpec pool,

        @JsonPropertyDescription("With it, replicas are added and removed for objective.request.") @Nullable
        ReplicasSpec replicas) {

    public DbPerformanceSpec {
        mode = requireNonNullElse(mode, Mode.OBSERVE);
        indexes = requireNonNullElse(indexes, IndexesSpec.NONE);
        metrics = requireNonNullElse(metrics, MetricsSpec.DEFAULT);
    }

    /** A database and its indexes, without a target. */
    public static DbPerformanceSpec of(Mode mode, DatabaseSpec database, IndexesSpec indexes) {
        return new DbPerformanceSpec(mode, database, indexes, null, null, MetricsSpec.DEFAULT, null, null);
    }

    /** The mode in force for the indexes. */
    public Mode indexMode() {
        return requireNonNullElse(indexes.mode(), mode);
    }

    /** The mode in force for the pool size. */
    public Mode poolMode() {
        return pool == null ? Mode.OBSERVE : requireNonNullElse(pool.mode(), mode);
    }

    /** The mode in force for the replicas. */
    public Mode replicasMode() {
        return replicas == null ? Mode.OBSERVE : requireNonNullElse(replicas.mode(), mode);
    }
}

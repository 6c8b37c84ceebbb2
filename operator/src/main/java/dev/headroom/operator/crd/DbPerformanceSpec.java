package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** What is wanted. A field stands here only when it does something. */
@JsonClassDescription("What is wanted of the database.")
@ValidationRule(value = Rules.SAME_DATABASE, message = Rules.SAME_DATABASE_MESSAGE)
public record DbPerformanceSpec(
        @JsonPropertyDescription(
                "Observe (the default) changes nothing, neither in the database nor in the cluster: the status says what"
                        + " would be done, as exact SQL. Apply does it. A section may have a mode of its own.")
        @Default("Observe")
        Mode mode,

        @JsonPropertyDescription("The database this resource is about, and how to reach it.") @Required
        DatabaseSpec database,

        @JsonPropertyDescription("The indexes wanted in the database, and how they are built.") @Default("{}")
        IndexesSpec indexes) {

    public DbPerformanceSpec {
        mode = requireNonNullElse(mode, Mode.OBSERVE);
        indexes = requireNonNullElse(indexes, IndexesSpec.NONE);
    }

    /** The mode in force for the indexes. */
    public Mode indexMode() {
        return requireNonNullElse(indexes.mode(), mode);
    }
}

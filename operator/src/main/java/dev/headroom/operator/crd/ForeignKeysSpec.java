package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do about foreign keys that no index serves. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ForeignKeysSpec(
        @JsonPropertyDescription("Report them as findings (the default), Create an index for each, or Ignore them.")
        @Default("Report")
        Policy policy,

        @JsonPropertyDescription("Foreign keys that need no index, such as those of tables that are only appended to.")
        @Size(max = 64)
        List<Exclusion> exclude) {

    public static final ForeignKeysSpec REPORT = new ForeignKeysSpec(Policy.REPORT, List.of());

    public static final ForeignKeysSpec IGNORE = new ForeignKeysSpec(Policy.IGNORE, List.of());

    public ForeignKeysSpec {
        policy = requireNonNullElse(policy, Policy.REPORT);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }

    /** Whether this foreign key of that table is to be looked at. */
    public boolean includes(String schema, String table, String constraint) {
        return policy != Policy.IGNORE && exclude.stream().noneMatch(each -> each.matches(schema, table, constraint));
    }

    /** What to do about a foreign key that no index serves. */
    public enum Policy {
        @JsonProperty("Report")
        REPORT,
        @JsonProperty("Create")
        CREATE,
        @JsonProperty("Ignore")
        IGNORE
    }

    /** One foreign key, or all of a table. */
    @JsonClassDescription("One foreign key, or all of a table.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Exclusion(
            @JsonPropertyDescription("Schema of the referencing table; without it, any of database.schemas.")
            @Nullable
            @Size(min = 1, max = 63)
            @Pattern(Rules.ONE_LINE)
            String schema,

            @JsonPropertyDescription("The referencing table; of a partitioned one, its partitions too.")
            @Required
            @Size(min = 1, max = 63)
            @Pattern(Rules.ONE_LINE)
            String table,

            @JsonPropertyDescription("Name of the constraint; without it, all foreign keys of the table.")
            @Nullable
            @Size(min = 1, max = 63)
            @Pattern(Rules.ONE_LINE)
            String constraint) {

        private boolean matches(String itsSchema, String itsTable, String itsConstraint) {
            return (schema == null || schema.equals(itsSchema))
                    && table.equals(itsTable)
                    && (constraint == null || constraint.equals(itsConstraint));
        }
    }
}

package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.operator.crd.ListType.MapList;
import dev.headroom.support.Durations;
import dev.headroom.support.Sizes;
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

/** Which indexes, and the rules for those that nobody declared. */
public record IndexesSpec(
        @JsonPropertyDescription("Instead of spec.mode, for the indexes alone.") @Nullable
        Mode mode,

        @JsonPropertyDescription(
                "The indexes to keep in the database. A missing one is built online; one of the same name and another"
                        + " definition is replaced online.")
        @MapList({"schema", "name"})
        @Size(max = 256)
        List<IndexDeclaration> declared,

        @JsonPropertyDescription("What to do about foreign keys that no index serves.") @Default("{}")
        ForeignKeysSpec foreignKeys,

        @JsonPropertyDescription(
                "What becomes of an index that this resource created and no longer declares, or that it leaves behind"
                        + " when it is deleted: Retain it (the default) or Drop it online. An index that this resource"
                        + " did not create is never dropped.")
        @Default("Retain")
        Removal removal,

        @JsonPropertyDescription(
                "Whose indexes are taken over where a declared one has another owner. IfRecreated (the default): those of a"
                        + " resource with this namespace and name in this cluster, whatever its uid. Always: also those of a"
                        + " resource in another cluster, and of one that does not exist in this cluster any more.")
        @Default("IfRecreated")
        Adopt adopt,

        @JsonPropertyDescription("Limits and resources for a build.") @Default("{}")
        BuildSpec build) {

    public static final IndexesSpec NONE = new IndexesSpec(
            null, List.of(), ForeignKeysSpec.REPORT, Removal.RETAIN, Adopt.IF_RECREATED, BuildSpec.DEFAULT);

    public IndexesSpec {
        declared = declared == null ? List.of() : List.copyOf(declared);
        foreignKeys = requireNonNullElse(foreignKeys, ForeignKeysSpec.REPORT);
        removal = requireNonNullElse(removal, Removal.RETAIN);
        adopt = requireNonNullElse(adopt, Adopt.IF_RECREATED);
        build = requireNonNullElse(build, BuildSpec.DEFAULT);
    }

    /** What becomes of an own index that nobody wants any more. */
    public enum Removal {
        @JsonProperty("Retain")
        RETAIN,
        @JsonProperty("Drop")
        DROP
    }

    /** Which other owner's indexes become ours. */
    public enum Adopt {
        @JsonProperty("IfRecreated")
        IF_RECREATED,
        @JsonProperty("Always")
        ALWAYS
    }

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

    /** What to do about foreign keys that no index serves. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ForeignKeysSpec(
            @JsonPropertyDescription("Report them as findings (the default), Create an index for each, or Ignore them.")
            @Default("Report")
            Policy policy,

            @JsonPropertyDescription(
                    "Foreign keys that need no index, such as those of tables that are only appended to.")
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
            return policy != Policy.IGNORE
                    && exclude.stream().noneMatch(each -> each.matches(schema, table, constraint));
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
}

package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.operator.crd.ListType.MapList;
import dev.headroom.support.VisibleText;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was found and done at the last pass; the operator never reads it back as truth. */
@JsonClassDescription(
        "What was found and done at the last look. Truth is read from the database each time, never from here.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DbPerformanceStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready, one condition for each thing that is kept right (IndexesReady; PoolReady and ReplicasReady where the spec has"
                        + " them), and while they hold Reconciling (it goes on by"
                        + " itself) or Stalled (a person has to change something).")
        @MapList("type")
        List<Condition> conditions,

        @JsonPropertyDescription("How many indexes are wanted: declared, or for foreign keys.") @Nullable
        Integer indexesWanted,

        @JsonPropertyDescription("How many of these are valid.") @Nullable
        Integer indexesValid,

        @JsonPropertyDescription("What the first index that cannot proceed is waiting for.") @Nullable
        String blockedBy,

        @JsonPropertyDescription("Every index that this resource wants, builds or drops.")
        List<IndexStatus> indexes,

        @JsonPropertyDescription(
                "What could be better in the database: reported, never acted on unless the spec says so.")
        List<FindingStatus> findings,

        @JsonPropertyDescription("Since when the use of indexes is watched, with those that were not used.") @Nullable
        UsageStatus usage,

        @JsonPropertyDescription("What was measured of the target, and what was decided about it.") @Nullable
        CapacityStatus capacity) {

    /** The type of the condition about the indexes. */
    public static final String INDEXES_READY = "IndexesReady";

    /** Nothing known. */
    public static final DbPerformanceStatus EMPTY =
            new DbPerformanceStatus(null, List.of(), null, null, null, List.of(), List.of(), null, null);

    public DbPerformanceStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        indexes = indexes == null ? List.of() : List.copyOf(indexes);
        findings = findings == null ? List.of() : List.copyOf(findings);
    }

    /** The same about another generation, with other conditions. */
    public DbPerformanceStatus with(@Nullable Long generation, List<Condition> newConditions) {
        return new DbPerformanceStatus(
                generation, newConditions, indexesWanted, indexesValid, blockedBy, indexes, findings, usage, capacity);
    }

    /** The same with what was found about the target. */
    public DbPerformanceStatus with(@Nullable CapacityStatus newCapacity) {
        return new DbPerformanceStatus(
                observedGeneration,
                conditions,
                indexesWanted,
                indexesValid,
                blockedBy,
                indexes,
                findings,
                usage,
                newCapacity);
    }

    /** The same with other indexes and findings, the counts of them, and what is remembered of their use. */
    public DbPerformanceStatus with(
            List<IndexStatus> newIndexes, List<FindingStatus> newFindings, @Nullable UsageStatus newUsage) {
        List<IndexStatus> wanted = newIndexes.stream()
                .filter(index -> index.origin() != IndexStatus.Origin.REMOVED)
                .toList();
        int valid = (int) wanted.stream()
                .filter(index -> index.state() == IndexStatus.State.VALID)
                .count();
        String blocker = newIndexes.stream()
                .map(IndexStatus::blockedBy)
                .filter(Objects::nonNull)
                .findFirst()
                .map(VisibleText::of)
                .orElse(null);
        return new DbPerformanceStatus(
                observedGeneration,
                conditions,
                wanted.size(),
                valid,
                blocker,
                newIndexes,
                newFindings,
                newUsage,
                capacity);
    }

    /** Something that could be better in the database, with its evidence. */
    @JsonClassDescription("One finding with its evidence.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FindingStatus(
            @JsonPropertyDescription("What kind of thing was found, such as ForeignKeyWithoutIndex or RedundantIndex.")
            @Required
            String kind,

            @JsonPropertyDescription("The table, index or constraint it is about, with its schema.") @Required
            String object,

            @JsonPropertyDescription("How much it matters: Info, Warning or Critical.") @Required
            String severity,

            @JsonPropertyDescription("What was seen.") @Required
            String evidence,

            @JsonPropertyDescription("The SQL that would fix it.") @Nullable
            String suggestion) {}

    /** Since when the use of indexes is watched, and what was not used since: a restart of the operator goes on from here. */
    @JsonClassDescription(
            "Since when the use of indexes is watched. It stands here because the server remembers no last scan of these"
                    + " indexes, and it outlives a restart of the operator.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UsageStatus(
            @JsonPropertyDescription("When the counters below were read, in RFC 3339.") @Required
            String sinceTime,

            @JsonPropertyDescription("When the server's statistics had been reset then, in RFC 3339.") @Nullable
            String statsResetTime,

            @JsonPropertyDescription("Indexes without a scan since then.")
            List<UnusedIndex> unused) {

        public UsageStatus {
            unused = unused == null ? List.of() : List.copyOf(unused);
        }

        /** One index with its counters at the beginning. */
        @JsonClassDescription("One index with its counters at the beginning.")
        public record UnusedIndex(
                @JsonPropertyDescription("Its name, with the schema.") @Required
                String index,

                @JsonPropertyDescription("Its oid: a rebuilt index is another one.") @Required
                long oid,

                @JsonPropertyDescription("How often it had been scanned.") @Required
                long scans,

                @JsonPropertyDescription("How often its table had been read.") @Required
                long tableReads) {}
    }
}

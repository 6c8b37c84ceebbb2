package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Since when the use of indexes is watched, and what was not used since: a restart of the operator goes on from here. */
@JsonClassDescription(
        "Since when the use of indexes is watched. It stands here because the server remembers no last scan of these"
                + " indexes, and it outlives a restart of the operator.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageStatus(
        @JsonPropertyDescription("When the counters below were read, in RFC 3339.") @Required
        String since,

        @JsonPropertyDescription("When the server's statistics had been reset then, in RFC 3339.") @Nullable
        String statsReset,

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

            @JsonPropertyDescription("Its oid: a rebuilt index is watched anew.") @Required
            long oid,

            @JsonPropertyDescription("How often it had been scanned.") @Required
            long scans,

            @JsonPropertyDescription("How often its table had been read.") @Required
            long tableReads) {}
}

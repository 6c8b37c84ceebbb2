package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One index. What changes without meaning anything (a count of scans, seconds of waiting) is rounded or left out by the
 * one who reports it: each difference here is a write to the API server.
 */
@JsonClassDescription("One index and how far it is.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IndexStatus(
        @JsonPropertyDescription("Name of the index.") @Required
        String name,

        @JsonPropertyDescription("Its table, with the schema.") @Nullable
        String table,

        @JsonPropertyDescription("Why it is here: Declared in the spec, for a ForeignKey, or Removed from the spec.")
        @Required
        Origin origin,

        @JsonPropertyDescription("How far it is.") @Required State state,

        @JsonPropertyDescription("How much of the build is done, in percent, with its phase.") @Nullable
        String progress,

        @JsonPropertyDescription("What it is waiting for.") @Nullable
        String blockedBy,

        @JsonPropertyDescription("Its size.") @Nullable String size,

        @JsonPropertyDescription("How often it was used since the statistics were reset, rounded.") @Nullable
        Long scans,

        @JsonPropertyDescription("What there is to say about it, for a person.") @Nullable
        String message,

        @JsonPropertyDescription("The SQL that would be run, or is being run, exactly.")
        List<String> sql) {

    public IndexStatus {
        sql = sql == null ? List.of() : List.copyOf(sql);
    }

    /** Why an index is in the status. */
    public enum Origin {
        @JsonProperty("Declared")
        DECLARED,
        @JsonProperty("ForeignKey")
        FOREIGN_KEY,
        @JsonProperty("Removed")
        REMOVED
    }

    /** How far an index is. */
    public enum State {
        /** Present, valid, and as declared. */
        @JsonProperty("Valid")
        VALID,
        /** Would be built, replaced or dropped, and is not because of the mode, or waits for its turn. */
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Building")
        BUILDING,
        @JsonProperty("Dropping")
        DROPPING,
        /** Wants to proceed and must not yet: {@link IndexStatus#blockedBy} says for what. */
        @JsonProperty("Blocked")
        BLOCKED,
        /** Is built once its table exists, which somebody else has to create. */
        @JsonProperty("TableMissing")
        TABLE_MISSING,
        /** The last try failed; it is tried again. */
        @JsonProperty("Failed")
        FAILED,
        /** Cannot succeed until a person changes something, such as duplicate keys or missing rights. */
        @JsonProperty("Refused")
        REFUSED,
        /** Declared by another resource on the same database, which was first. */
        @JsonProperty("Conflict")
        CONFLICT,
        /** Left in place: no longer declared, and removal is Retain. */
        @JsonProperty("Retained")
        RETAINED
    }
}

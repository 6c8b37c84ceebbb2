package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

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

        @JsonPropertyDescription("What was seen.") @Required String evidence,

        @JsonPropertyDescription("The SQL that would fix it.") @Nullable
        String suggestion) {}

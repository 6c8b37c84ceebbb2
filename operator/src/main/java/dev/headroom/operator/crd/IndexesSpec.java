package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
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
}

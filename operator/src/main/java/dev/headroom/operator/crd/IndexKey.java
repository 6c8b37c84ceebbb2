package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One key of an index: a column or an expression. */
@JsonClassDescription("One key of an index.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.COLUMN_OR_EXPRESSION, message = Rules.COLUMN_OR_EXPRESSION_MESSAGE)
public record IndexKey(
        @JsonPropertyDescription("Name of the column. Instead of expression.")
        @Nullable
        @Size(min = 1, max = 63)
        @Pattern(Rules.ONE_LINE)
        String column,

        @JsonPropertyDescription(
                "One SQL expression over the table's columns, such as lower(title). Instead of column.")
        @Nullable
        @Size(min = 1, max = 4096)
        @Pattern(Rules.ONE_LINE)
        String expression,

        @JsonPropertyDescription("Direction: Asc (the default) or Desc.") @Default("Asc")
        Order order,

        @JsonPropertyDescription("Where nulls stand. As PostgreSQL: Last for Asc, First for Desc, when not given.")
        @Nullable
        Nulls nulls,

        @JsonPropertyDescription(
                "Operator class, such as text_pattern_ops or extensions.gin_trgm_ops; the type's default when not given.")
        @Nullable
        @Size(min = 1, max = 127)
        @Pattern(Rules.ONE_LINE)
        String opclass,

        @JsonPropertyDescription("Collation, such as C or pg_catalog.\"de-x-icu\"; the column's when not given.")
        @Nullable
        @Size(min = 1, max = 129)
        @Pattern(Rules.ONE_LINE)
        String collation) {

    public IndexKey {
        order = requireNonNullElse(order, Order.ASC);
    }

    public static IndexKey ofColumn(String column) {
        return new IndexKey(column, null, Order.ASC, null, null, null);
    }

    /** Direction of a key. */
    public enum Order {
        @JsonProperty("Asc")
        ASC,
        @JsonProperty("Desc")
        DESC
    }

    /** Place of the nulls. */
    public enum Nulls {
        @JsonProperty("First")
        FIRST,
        @JsonProperty("Last")
        LAST
    }
}

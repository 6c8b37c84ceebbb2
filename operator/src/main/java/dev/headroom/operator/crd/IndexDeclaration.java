package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.operator.crd.ListType.SetList;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One index, in full or in short. */
@JsonClassDescription("One index.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.COLUMNS_OR_KEYS, message = Rules.COLUMNS_OR_KEYS_MESSAGE)
@ValidationRule(value = Rules.PLAIN_COLUMNS, message = Rules.PLAIN_COLUMNS_MESSAGE)
@ValidationRule(value = Rules.NULLS_NEED_UNIQUE, message = Rules.NULLS_NEED_UNIQUE_MESSAGE)
public record IndexDeclaration(
        @JsonPropertyDescription("Name of the index, exactly as it will stand in the database.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Rules.ONE_LINE)
        String name,

        @JsonPropertyDescription("Table, partitioned table or materialized view that is indexed, without its schema.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Rules.ONE_LINE)
        String table,

        @JsonPropertyDescription(
                "Schema of the table; without it, or empty, the first of database.schemas that has the table.")
        @Default("\"\"")
        @Nullable
        @Size(max = 63)
        @Pattern(Rules.ONE_LINE)
        String schema,

        @JsonPropertyDescription(
                "The indexed columns in their order, when each is a plain column in ascending order. Otherwise use keys.")
        @Size(max = 32)
        List<@Size(min = 1, max = 63) @Pattern(Rules.ONE_LINE) String> columns,

        @JsonPropertyDescription(
                "The indexed columns and expressions in their order, each with its direction, operator class and"
                        + " collation. Instead of columns.")
        @Size(max = 32)
        List<IndexKey> keys,

        @JsonPropertyDescription("Access method: btree, hash, gin, gist, spgist, brin or one of an extension.")
        @Default("btree")
        @Pattern("^[a-z_][a-z0-9_]{0,62}$")
        String method,

        @JsonPropertyDescription("Whether no two rows may have the same key.") @Default("false")
        Boolean unique,

        @JsonPropertyDescription(
                "Whether two nulls are the same to a unique index (NULLS NOT DISTINCT). PostgreSQL 15 and later.")
        @Default("false")
        Boolean nullsNotDistinct,

        @SetList
        @JsonPropertyDescription("Columns stored in the index besides its keys, for index-only scans (INCLUDE).")
        @Size(max = 32)
        List<@Size(min = 1, max = 63) @Pattern(Rules.ONE_LINE) String> include,

        @JsonPropertyDescription("Predicate of a partial index, as one SQL expression.")
        @Nullable
        @Size(min = 1, max = 4096)
        @Pattern(Rules.ONE_LINE)
        String where,

        @JsonPropertyDescription("Storage parameters, such as fillfactor: \"90\".")
        Map<String, @Pattern(Rules.ONE_LINE) String> storageParameters) {

    public IndexDeclaration {
        schema = "".equals(schema) ? null : schema;
        columns = columns == null ? List.of() : List.copyOf(columns);
        keys = keys == null ? List.of() : List.copyOf(keys);
        method = requireNonNullElse(method, "btree");
        unique = requireNonNullElse(unique, false);
        nullsNotDistinct = requireNonNullElse(nullsNotDistinct, false);
        include = include == null ? List.of() : List.copyOf(include);
        storageParameters = storageParameters == null ? Map.of() : Map.copyOf(storageParameters);
    }

    /** The keys in their order, whichever form they were declared in. */
    public List<IndexKey> orderedKeys() {
        return keys.isEmpty() ? columns.stream().map(IndexKey::ofColumn).toList() : keys;
    }

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
}

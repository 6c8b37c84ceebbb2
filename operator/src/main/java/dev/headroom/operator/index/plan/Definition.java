package dev.headroom.operator.index.plan;

import static java.util.stream.Collectors.joining;

import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexKey;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A declaration as SQL: everything that follows the name of the table. */
final class Definition {
    private static final Pattern PARAMETER = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");

    private Definition() {}

    /** The text after {@code CREATE INDEX … ON table}; throws {@link Undeclarable}. */
    static String sql(IndexDeclaration declared) {
        return " USING " + Names.quote(declared.method())
                + declared.orderedKeys().stream().map(Definition::key).collect(joining(", ", " (", ")"))
                + include(declared)
                + (declared.unique() && declared.nullsNotDistinct() ? " NULLS NOT DISTINCT" : "")
                + storage(declared)
                + (declared.where() == null ? "" : " WHERE (" + oneExpression(declared.where()) + ")");
    }

    private static String key(IndexKey key) {
        StringBuilder sql = new StringBuilder(what(key));
        if (key.collation() != null) {
            sql.append(" COLLATE ").append(QualifiedName.parse(key.collation()).sql());
        }
        if (key.opclass() != null) {
            sql.append(' ').append(QualifiedName.parse(key.opclass()).sql());
        }
        if (key.order() == IndexKey.Order.DESC) {
            sql.append(" DESC");
        }
        if (key.nulls() != null) {
            sql.append(" NULLS ").append(key.nulls().name());
        }
        return sql.toString();
    }

    private static String what(IndexKey key) {
        if (key.column() != null && key.expression() == null) {
            return Names.quote(key.column());
        }
        if (key.expression() != null && key.column() == null) {
            return "(" + oneExpression(key.expression()) + ")";
        }
        throw new Undeclarable("a key is either a column or an expression");
    }

    private static String oneExpression(String text) {
        SqlExpression.problem(text).ifPresent(problem -> {
            throw new Undeclarable(problem);
        });
        return text.strip();
    }

    private static String include(IndexDeclaration declared) {
        return declared.include().isEmpty()
                ? ""
                : declared.include().stream().map(Names::quote).collect(joining(", ", " INCLUDE (", ")"));
    }

    private static String storage(IndexDeclaration declared) {
        return declared.storageParameters().isEmpty()
                ? ""
                : new TreeMap<>(declared.storageParameters())
                        .entrySet().stream()
                                .map(each -> parameter(each.getKey()) + " = " + Names.literal(each.getValue()))
                                .collect(joining(", ", " WITH (", ")"));
    }

    private static String parameter(String name) {
        if (!PARAMETER.matcher(name).matches()) {
            throw new Undeclarable("not a storage parameter such as fillfactor: " + name);
        }
        return name;
    }

    /**
     * An operator class or collation as people write it: {@code gin_trgm_ops}, {@code extensions.gin_trgm_ops},
     * {@code pg_catalog."de-x-icu"}, {@code C}. Case is kept, also without quotes: who writes C means C.
     */
    record QualifiedName(@Nullable String schema, String name, String parameters) {
        private static final String PART = "\"(?:[^\"]|\"\")+\"|[^\".()\\s]+";
        private static final Pattern FORM = Pattern.compile("(?:(" + PART + ")\\.)?(" + PART
                + ")(\\([a-z0-9_]+ *= *[a-zA-Z0-9_.]+" + "(?:, *[a-z0-9_]+ *= *[a-zA-Z0-9_.]+)*\\))?");

        static QualifiedName parse(String text) {
            Matcher parts = FORM.matcher(text.strip());
            if (!parts.matches()) {
                throw new Undeclarable("not a name such as text_pattern_ops or pg_catalog.\"de-x-icu\": " + text);
            }
            String parameters = parts.group(3);
            return new QualifiedName(
                    bare(parts.group(1)), String.valueOf(bare(parts.group(2))), parameters == null ? "" : parameters);
        }

        String sql() {
            String quoted = Names.quote(name) + parameters;
            return schema == null ? quoted : Names.quote(schema) + "." + quoted;
        }

        private static @Nullable String bare(@Nullable String part) {
            return part == null || !part.startsWith("\"")
                    ? part
                    : part.substring(1, part.length() - 1).replace("\"\"", "\"");
        }
    }
}

package dev.headroom.operator.index.plan;

import static java.util.stream.Collectors.joining;

import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.WantedIndex.Undeclarable;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An index that should be there, on a table that is known, as SQL that is known to be safe. */
public record WantedIndex(String name, Name table, Origin origin, boolean unique, String definitionSql) {
    private static final Pattern PARAMETER = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");

    /** Throws {@link Undeclarable}. */
    public static WantedIndex of(IndexDeclaration declared, Name table, Origin origin) {
        if (Names.bytes(declared.name()) > Names.LIMIT) {
            throw new Undeclarable("the name has more than " + Names.LIMIT + " bytes, PostgreSQL would cut it off");
        }
        return new WantedIndex(declared.name(), table, origin, declared.unique(), definition(declared));
    }

    /** Without CONCURRENTLY: for the empty copy on which the server is asked what it would store. */
    public String createOn(String as, String tableSql) {
        return "CREATE " + uniqueness() + "INDEX " + Names.quote(as) + " ON " + tableSql + definitionSql;
    }

    public String createConcurrently(String as, Name onTable) {
        return "CREATE " + uniqueness() + "INDEX CONCURRENTLY " + Names.quote(as) + " ON " + onTable.quoted()
                + definitionSql;
    }

    public String createOnParentOnly(String as, Name onTable) {
        return "CREATE " + uniqueness() + "INDEX " + Names.quote(as) + " ON ONLY " + onTable.quoted() + definitionSql;
    }

    /** Changes whenever the declaration would mean something else. */
    public String fingerprint() {
        return Names.digest(16, table.schema(), table.name(), String.valueOf(unique), definitionSql);
    }

    public Name qualifiedName() {
        return new Name(table.schema(), name);
    }

    private String uniqueness() {
        return unique ? "UNIQUE " : "";
    }

    /** The text after {@code CREATE INDEX … ON table}; throws {@link Undeclarable}. */
    static String definition(IndexDeclaration declared) {
        return " USING " + Names.quote(declared.method())
                + declared.orderedKeys().stream().map(WantedIndex::key).collect(joining(", ", " (", ")"))
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

    /** A declaration that cannot become a statement; the message is for the one who wrote it. */
    public static final class Undeclarable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Undeclarable(String message) {
            super(message);
        }
    }
}

package dev.headroom.operator.index.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
        String quoted = Quoted.identifier(name) + parameters;
        return schema == null ? quoted : Quoted.identifier(schema) + "." + quoted;
    }

    private static @Nullable String bare(@Nullable String part) {
        return part == null || !part.startsWith("\"")
                ? part
                : part.substring(1, part.length() - 1).replace("\"\"", "\"");
    }
}

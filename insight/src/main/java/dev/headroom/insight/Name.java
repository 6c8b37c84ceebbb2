package dev.headroom.insight;

import java.util.Comparator;

/** A relation by schema and name, as the catalog has them: unquoted, in their true case. */
public record Name(String schema, String name) implements Comparable<Name> {
    private static final Comparator<Name> ORDER =
            Comparator.comparing(Name::schema).thenComparing(Name::name);

    /** Quoted always: never wrong, whatever the next version reserves. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    public String quoted() {
        return quote(schema) + "." + quote(name);
    }

    @Override
    public int compareTo(Name other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}

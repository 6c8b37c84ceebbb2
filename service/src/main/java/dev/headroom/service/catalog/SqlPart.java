package dev.headroom.service.catalog;

/** A piece of a statement; {@code line} is where it begins in its file. */
sealed interface SqlPart {
    int line();

    /**
     * SQL that is sent as it stands.
     *
     * @param code the same with spaces for what is quoted
     */
    record Text(String sql, String code, int line) implements SqlPart {
        /** A quoted name. */
        static Text quoted(String name, int line) {
            return new Text(name, " ".repeat(name.length()), line);
        }
    }

    /** A table, written {@code {name}}. */
    record Table(String name, int line) implements SqlPart {}

    /** A bound value, written {@code :name}. */
    record Placeholder(String name, int line) implements SqlPart {}

    /** Where the predicates of the filters that were given go, written <code>{{filters}}</code>. */
    record Filters(int line) implements SqlPart {}

    /** Where the columns to sort by go, written <code>{{order}}</code>. */
    record Order(int line) implements SqlPart {}
}

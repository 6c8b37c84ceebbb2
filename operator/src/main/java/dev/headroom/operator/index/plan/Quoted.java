package dev.headroom.operator.index.plan;

import dev.headroom.insight.Name;

/** Identifiers and literals as they may stand in a statement. Sessions run with standard_conforming_strings on. */
final class Quoted {
    private Quoted() {}

    static String identifier(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new Undeclarable("a name cannot contain a NUL character");
        }
        return Name.quote(name);
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}

package dev.headroom.service.catalog;

import java.util.List;

/** A query parameter that a strict endpoint does not have. */
public final class UnknownParameter extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final List<String> known;

    UnknownParameter(String parameter, List<String> known) {
        super("there is no parameter '" + parameter + "'", null, false, false);
        this.parameter = parameter;
        this.known = List.copyOf(known);
    }

    public String parameter() {
        return parameter;
    }

    /** The names of those that there are. */
    public List<String> known() {
        return known;
    }
}

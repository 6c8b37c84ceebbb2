package dev.headroom.service.catalog;

import java.util.Locale;

/** What an endpoint answers with. */
public enum Answer {
    /** An array of row objects, possibly empty. */
    LIST,
    /** One row object, or 404 when the statement returns no row. */
    OBJECT,
    /** One JSON value that the statement (or the source) built, or 404 when there is none. */
    DOCUMENT;

    /** The word in catalog.yaml. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

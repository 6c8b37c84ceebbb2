package dev.headroom.service.catalog;

import org.jspecify.annotations.Nullable;

/** Something wrong in a catalog, where it is, and what to do about it. */
public record Mistake(Place place, String message, @Nullable String hint) {

    @Override
    public String toString() {
        return place + ": " + message + (hint == null || hint.isBlank() ? "" : " (" + hint + ")");
    }
}

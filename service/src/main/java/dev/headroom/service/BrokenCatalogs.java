package dev.headroom.service;

import dev.headroom.service.catalog.Mistake;
import java.util.List;

/** Catalogs with mistakes: none of them is served, so that nobody serves half of what was meant. */
public final class BrokenCatalogs extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    BrokenCatalogs(List<Mistake> mistakes) {
        super("the catalogs have " + mistakes.size() + " mistakes");
        this.mistakes = mistakes;
    }

    List<Mistake> mistakes() {
        return mistakes;
    }
}

package dev.headroom.service.documents;

import java.util.Comparator;

/** One entry of the answer's errors. */
record Mistake(String repository, String path, String message) {
    static final Comparator<Mistake> ORDER = Comparator.comparing(Mistake::repository)
            .thenComparing(Mistake::path)
            .thenComparing(Mistake::message);
}

package dev.headroom.service.cache;

import java.util.Optional;

/** What gives an answer from the database: the body, or nothing where there is no such row. Throws when it cannot tell. */
@FunctionalInterface
public interface Computation {
    Optional<byte[]> compute();
}

package dev.headroom.service.http.front;

import org.jspecify.annotations.Nullable;

/** Answers that are there. Asked on the thread that reads all connections, so it waits for nothing and nobody. */
@FunctionalInterface
public interface Express {
    /** The answer to the request of these bytes, or null where it takes the ordinary way. */
    @Nullable
    Ready answer(Head head);
}

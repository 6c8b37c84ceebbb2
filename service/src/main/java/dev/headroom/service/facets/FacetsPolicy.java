package dev.headroom.service.facets;

import java.time.Duration;

/**
 * When a snapshot is built anew, what a build may take, and for how long browsers may keep an answer.
 *
 * @param check how often the database is asked whether the data changed, where the catalog has a statement for that
 * @param refresh the age at which a snapshot is replaced whatever the check says
 * @param buildTimeout after this a statement of a build is cancelled
 * @param patience how long a request waits for the first build before it is told to come again
 * @param maxAge for how long an answer may be used without asking again; zero: it is asked for by its tag each time
 * @param staleWhileRevalidate for how long after that it may be used while it is asked for again
 */
public record FacetsPolicy(
        Duration check,
        Duration refresh,
        Duration buildTimeout,
        Duration patience,
        Duration maxAge,
        Duration staleWhileRevalidate) {

    public static FacetsPolicy defaults() {
        return new FacetsPolicy(
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ZERO);
    }
}

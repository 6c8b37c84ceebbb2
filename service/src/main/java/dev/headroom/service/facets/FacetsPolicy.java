package dev.headroom.service.facets;

import java.time.Duration;

/**
 * When a snapshot is built anew, and what a build may take.
 *
 * @param check how often the database is asked whether the data changed, where the catalog has a statement for that
 * @param refresh the age at which a snapshot is replaced whatever the check says
 * @param buildTimeout after this a statement of a build is cancelled
 * @param patience how long a request waits for the first build before it is told to come again
 */
public record FacetsPolicy(Duration check, Duration refresh, Duration buildTimeout, Duration patience) {

    public static FacetsPolicy defaults() {
        return new FacetsPolicy(
                Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}

package dev.headroom.service.catalog;

import java.time.Duration;
import java.util.Locale;

/**
 * How long an answer may be reused, declared once per catalog under a name and referred to by endpoints.
 *
 * @param fresh how long an answer is served without asking again; zero means that it is never reused
 * @param staleWhileRevalidate for how long after that it is served while one refresh runs
 * @param staleIfError for how long after {@code fresh} it is served when the refresh fails
 * @param softTimeout for how long a request waits for a computation when {@code staleIfError} allows what there was before;
 *     zero for as long as it takes
 * @param negative for how long "there is no such row" is remembered
 * @param jitter the share of {@code fresh} by which entries expire earlier, so that they do not expire together
 */
public record CachePolicy(
        String name,
        Duration fresh,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        Duration softTimeout,
        Duration negative,
        double jitter,
        Scope scope) {

    /** The same, kept no further than this. */
    public CachePolicy within(Scope narrower) {
        return scope.compareTo(narrower) >= 0
                ? this
                : new CachePolicy(
                        name, fresh, staleWhileRevalidate, staleIfError, softTimeout, negative, jitter, narrower);
    }

    /** Where an answer may be kept. */
    public enum Scope {
        /** In process and in the cache that all instances share. */
        SHARED,
        /** In process only: for answers that are large or cheap to build. */
        LOCAL,
        /** Nowhere. */
        NONE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

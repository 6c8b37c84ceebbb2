package dev.headroom.service.documents;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file turned out to be: a document, none of ours (both null), or one that cannot be read ({@code reason}).
 * {@code settled} is false while its time stamp is too fresh to tell the next change from this one.
 */
record ReadFile(
        FoundFile.Version version,
        boolean settled,
        @Nullable Document document,
        @Nullable String reason) {
    /** Coarser than the clock of any file system that we know of on Linux. */
    private static final long FRESH_MILLIS = 50;

    static ReadFile of(FoundFile file, Instant readAt, @Nullable Document document, @Nullable String reason) {
        boolean settled = file.version().modified().isBefore(readAt.minusMillis(FRESH_MILLIS));
        return new ReadFile(file.version(), settled, document, reason);
    }

    boolean stillHolds(FoundFile file) {
        return settled && version.equals(file.version());
    }

    Optional<Document> found() {
        return Optional.ofNullable(document);
    }
}

package dev.headroom.service.documents;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A file that may be a document: its path in the repository, where it really is, and what tells whether it changed. */
record FoundFile(String path, Confined file, Version version) {
    /** {@code key} tells a file from another that took its name. */
    record Version(long size, Instant modified, @Nullable Object key) {
        static Version of(BasicFileAttributes attributes) {
            return new Version(attributes.size(), attributes.lastModifiedTime().toInstant(), attributes.fileKey());
        }
    }

    Path real() {
        return file.real();
    }
}

package dev.headroom.service.documents;

import java.nio.file.Path;

/** A real path, without links, and the configured directory that holds it. */
record Confined(Path root, Path real) {
    Path steps() {
        return root.relativize(real);
    }
}

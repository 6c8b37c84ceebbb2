package dev.headroom.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is generated and committed: a test compares, {@code make charts} writes. */
final class GeneratedFile {

    private static final boolean WRITE = Boolean.getBoolean("headroom.write-generated");

    private GeneratedFile() {}

    static void check(Path file, String generated) throws IOException {
        if (WRITE) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, generated);
            return;
        }
        assertThat(file).exists();
        assertThat(generated)
                .as("%s is generated and no longer what its source says: run `make charts` and commit", file)
                .isEqualTo(Files.readString(file));
    }
}

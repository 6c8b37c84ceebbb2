package dev.headroom.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is generated and committed: a test compares, {@code make crds} writes. */
public final class GeneratedFile {

    /** Maven runs tests in the module's folder. */
    public static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final boolean WRITE = Boolean.getBoolean("headroom.write-generated");

    private GeneratedFile() {}

    public static void check(Path file, String generated) throws IOException {
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, generated);
            return;
        }
        assertThat(file).exists();
        assertThat(generated)
                .as(
                        "%s is generated and no longer what its source says: run `make crds` and commit",
                        file.getFileName())
                .isEqualTo(Files.readString(file));
    }
}

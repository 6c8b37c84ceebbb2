package dev.headroom.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {

    @TempDir
    Path folder;

    private Path module;

    @BeforeEach
    void buildModule() throws IOException {
        module = folder.resolve("service");
        Files.createDirectories(module.resolve("target/lib"));
        jar(module.resolve("target/headroom-service.jar"), "a/Main.class");
        jar(module.resolve("target/lib/library.jar"), "b/Library.class");
    }

    @Test
    void jarsHaveTheirEntriesStored() throws IOException {
        Path app = write("first");

        try (ZipFile jar = new ZipFile(app.resolve("lib/library.jar").toFile())) {
            ZipEntry entry = jar.getEntry("b/Library.class");
            assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
            assertThat(jar.getInputStream(entry).readAllBytes())
                    .isEqualTo("b/Library.class".repeat(50).getBytes(UTF_8));
        }
    }

    @Test
    void theSameJarsMakeTheSameBytes() throws IOException {
        Path first = write("first");
        Path second = write("second");

        assertThat(second.resolve("headroom-service.jar"))
                .hasSameBinaryContentAs(first.resolve("headroom-service.jar"));
        assertThat(second.resolve("lib/library.jar")).hasSameBinaryContentAs(first.resolve("lib/library.jar"));
    }

    private Path write(String name) throws IOException {
        Layout layout = Layout.below(folder.resolve(name));
        layout.writeJars(Program.SERVICE, module);
        return layout.app(Program.SERVICE);
    }

    private static void jar(Path file, String entry) throws IOException {
        try (OutputStream stream = Files.newOutputStream(file);
                ZipOutputStream jar = new ZipOutputStream(stream)) {
            jar.putNextEntry(new ZipEntry(entry));
            jar.write(entry.repeat(50).getBytes(UTF_8));
        }
    }
}

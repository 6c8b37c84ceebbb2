package dev.headroom.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "images are built on Linux")
class ElfFileTest {

    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder;

    @Test
    void aProgramNamesItsLoaderAndItsLibraries() throws IOException {
        ElfFile java = ElfFile.read(JAVA.resolve("bin/java")).orElseThrow();

        assertThat(java.interpreter())
                .hasValueSatisfying(loader -> assertThat(loader).startsWith("/lib"));
        assertThat(java.needed()).contains("libjli.so").anyMatch(name -> name.startsWith("libc."));
    }

    @Test
    void aTextIsNoElfFile() throws IOException {
        Path script = Files.writeString(folder.resolve("libm.so"), "GROUP ( /lib64/libm.so.6 )".repeat(10));

        assertThat(ElfFile.read(script)).isEmpty();
    }

    @Test
    void everyLibraryThatARuntimeNeedsIsCopied() throws IOException {
        NativeLibraries libraries = NativeLibraries.copy(JAVA, Path.of("/"), folder);

        Map<String, Path> files = libraries.files();
        assertThat(files.keySet()).anyMatch(path -> path.contains("/libc.")).anyMatch(path -> path.contains("/ld-"));
        for (String path : files.keySet()) {
            Path copy = folder.resolve(path.substring(1));
            assertThat(copy).isRegularFile();
            for (String name : ElfFile.read(copy).map(ElfFile::needed).orElse(List.of())) {
                assertThat(files.keySet()).anyMatch(other -> other.endsWith("/" + name));
            }
        }
    }
}

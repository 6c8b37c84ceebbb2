package dev.headroom.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An image with one fault is refused with one sentence, and one without is not. The images are of a few empty files. */
class ImageCheckTest {

    private static final String NAME = "headroom-service:1.0";
    private static final Instant CREATED = Instant.parse("2026-12-01T05:33:58Z");

    @TempDir
    Path folder;

    @Test
    void aGoodImageHasNoProblems() throws IOException {
        assertThat(problems(new Image(), false)).isEmpty();
        assertThat(problems(new Image().file("app/headroom-service.aot"), true)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void everyFaultIsToldInASentence(String sentence, Consumer<Image> fault) throws IOException {
        Image image = new Image();
        fault.accept(image);

        assertThat(problems(image, false)).containsExactly("image.tar: " + sentence);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("is named [\"other:1.0\"]", image -> image.name = "other:1.0"),
                fault("is for \"windows\"", image -> image.json.put("os", "windows")),
                fault(
                        "was created \"2026-12-02T00:00:00Z\"",
                        image -> image.json.put("created", "2026-12-02T00:00:00Z")),
                fault("runs as \"root\"", image -> image.config().put("User", "root")),
                fault("runs as \"\"", image -> image.config().put("User", "")),
                fault(
                        "starts with [/bin/sh]",
                        image -> image.config().putArray("Entrypoint").add("/bin/sh")),
                fault("has no label licenses", image -> image.label("licenses", "")),
                fault("has no label revision", image -> image.labels().remove("org.opencontainers.image.revision")),
                fault(
                        "does not expose port 8081",
                        image -> ((ObjectNode) image.config().get("ExposedPorts")).remove("8081/tcp")),
                fault("has no Java", image -> image.without("opt/java/bin/java")),
                fault("has no C library", image -> image.without("lib/x86_64-linux-gnu/libc.so.6")),
                fault("has no arguments for the JVM", image -> image.without("app/java.args")),
                fault("has no headroom-service.jar", image -> image.without("app/headroom-service.jar")),
                fault("has no headroom-service.cdx.json", image -> image.without("app/headroom-service.cdx.json")),
                fault("has an AOT cache or none, against the wish", image -> image.file("app/headroom-service.aot")),
                fault("has bin/sh", image -> image.file("bin/sh")),
                fault("has usr/bin/busybox", image -> image.file("usr/bin/busybox")),
                fault("has opt/java/bin/javac", image -> image.file("opt/java/bin/javac")),
                fault("has app/lib/headroom-testkit.jar", image -> image.file("app/lib/headroom-testkit.jar")),
                fault("has app/lib/junit-jupiter-api-5.jar", image -> image.file("app/lib/junit-jupiter-api-5.jar")),
                fault("usr/bin/mount runs as its owner", image -> image.file("usr/bin/mount", 04755, Layout.FILE_TIME)),
                fault("usr/bin/wall runs as its owner", image -> image.file("usr/bin/wall", 02755, Layout.FILE_TIME)),
                fault(
                        "etc/passwd can be written by everybody",
                        image -> image.file("etc/passwd", 0666, Layout.FILE_TIME)),
                fault(
                        "app/late.jar has the time 2026-12-01T05:33:58Z",
                        image -> image.file("app/late.jar", 0644, CREATED)));
    }

    @Test
    void anImageBeyondTheSizeIsRefused() throws IOException {
        Path tar = new Image().write(folder);
        try (RandomAccessFile file = new RandomAccessFile(tar.toFile(), "rw")) {
            file.setLength(ImageCheck.LARGEST + 1); // with a hole, which costs nothing
        }

        assertThat(ImageCheck.problems(Program.SERVICE, tar, NAME, false, CREATED))
                .containsExactly("image.tar: has 60000001 bytes, over 60000000");
    }

    @Test
    void allFaultsAreToldAtOnce() throws IOException {
        Image image = new Image().without("app/java.args").file("bin/sh");
        image.config().put("User", "0:0");

        assertThat(problems(image, true)).hasSize(4);
    }

    @Test
    void aTarThatIsNoImageIsAnError() throws IOException {
        Path tar = Files.createFile(folder.resolve("image.tar"));

        assertThatThrownBy(() -> ImageCheck.problems(Program.SERVICE, tar, NAME, false, CREATED))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("image.tar has no manifest.json");
    }

    private static Arguments fault(String sentence, Consumer<Image> fault) {
        return Arguments.of(sentence, fault);
    }

    private List<String> problems(Image image, boolean withAotCache) throws IOException {
        return ImageCheck.problems(Program.SERVICE, image.write(folder), NAME, withAotCache, CREATED);
    }

    /** An image as {@code docker save} writes it, without faults until it is changed. */
    static final class Image {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final ObjectNode json = JSON.createObjectNode();
        private final List<TarArchiveEntry> files = new ArrayList<>();
        private String name = NAME;

        Image() {
            json.put("os", "linux").put("created", CREATED.toString());
            ObjectNode config = json.putObject("config").put("User", ImageTar.USER);
            Program.ENTRYPOINT.forEach(config.putArray("Entrypoint")::add);
            config.putObject("Labels");
            for (String label : List.of("title", "description", "version", "revision", "licenses", "created")) {
                label(label, "some");
            }
            ObjectNode ports = config.putObject("ExposedPorts");
            ports.putObject("8080/tcp");
            ports.putObject("8081/tcp");
            file("lib/x86_64-linux-gnu/libc.so.6");
            file("opt/java/bin/java");
            file("app/java.args");
            file("app/headroom-service.jar");
            file("app/headroom-service.cdx.json");
            file("tmp", 01777, Layout.FILE_TIME);
        }

        ObjectNode config() {
            return (ObjectNode) json.get("config");
        }

        ObjectNode labels() {
            return (ObjectNode) config().get("Labels");
        }

        void label(String label, String text) {
            labels().put("org.opencontainers.image." + label, text);
        }

        Image file(String path) {
            return file(path, 0644, Layout.FILE_TIME);
        }

        Image file(String path, int mode, Instant time) {
            TarArchiveEntry file = new TarArchiveEntry(path);
            file.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | mode);
            file.setLastModifiedTime(FileTime.from(time));
            files.add(file);
            return this;
        }

        Image without(String path) {
            assertThat(files.removeIf(file -> file.getName().equals(path))).isTrue();
            return this;
        }

        Path write(Path folder) throws IOException {
            ObjectNode manifest = JSON.createObjectNode().put("Config", "config.json");
            manifest.putArray("RepoTags").add(name);
            manifest.putArray("Layers").add("layer.tar.gz");
            ArrayNode manifests = JSON.createArrayNode().add(manifest);
            Path tar = folder.resolve("image.tar");
            try (OutputStream out = Files.newOutputStream(tar);
                    TarArchiveOutputStream parts = new TarArchiveOutputStream(out)) {
                part(parts, "manifest.json", manifests.toString().getBytes(UTF_8));
                part(parts, "config.json", json.toString().getBytes(UTF_8));
                part(parts, "layer.tar.gz", layer());
            }
            return tar;
        }

        private static void part(TarArchiveOutputStream parts, String name, byte[] content) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            parts.putArchiveEntry(entry);
            parts.write(content);
            parts.closeArchiveEntry();
        }

        byte[] layer() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream layer = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
                for (TarArchiveEntry file : files) {
                    layer.putArchiveEntry(file);
                    layer.closeArchiveEntry();
                }
            }
            return bytes.toByteArray();
        }
    }
}

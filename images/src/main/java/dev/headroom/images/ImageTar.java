package dev.headroom.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Has Jib write an image from scratch: what changes seldom is in the lower layers, so that an update sends little. */
final class ImageTar {

    static final String USER = "65532:65532";

    private static final FilePermissions READABLE = FilePermissions.fromOctalString("644");
    private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");
    private static final FilePermissions OPEN_TO_ALL = FilePermissions.fromOctalString("777");

    private final Layout layout;
    private final String architecture;

    ImageTar(Layout layout, String architecture) {
        this.layout = layout;
        this.architecture = architecture;
    }

    /**
     * Writes an image.
     *
     * @param name with its tag
     * @return Jib's, with the image's id
     */
    JibContainer write(Program program, String name, Map<String, String> labels, Instant created, Path tar)
            throws IOException, InterruptedException {
        Path app = layout.app(program);
        Path cache = app.resolve(program.aotCache());
        List<Path> files = Layout.files(app);
        JibContainerBuilder image = Jib.fromScratch()
                .setPlatforms(Set.of(new Platform(architecture, "linux")))
                .addFileEntriesLayer(system())
                .addFileEntriesLayer(layer("java", layout.base(), "/", Layout.files(layout.runtime())))
                .addFileEntriesLayer(
                        layer("dependencies", app, Program.HOME, select(files, file -> isLibrary(app, file))))
                .addFileEntriesLayer(layer(
                        "program",
                        app,
                        Program.HOME,
                        select(files, file -> !isLibrary(app, file) && !file.equals(cache))))
                .setEntrypoint(Program.ENTRYPOINT)
                .addEnvironmentVariable("LANG", "C.UTF-8") // else names of files have ASCII letters only
                .setExposedPorts(program.ports().stream().map(Port::tcp).collect(Collectors.toUnmodifiableSet()))
                .setWorkingDirectory(AbsoluteUnixPath.get(Program.HOME))
                .setUser(USER)
                .setLabels(labels)
                .setCreationTime(created);
        if (Files.exists(cache)) {
            image.addFileEntriesLayer(layer("aot-cache", app, Program.HOME, List.of(cache)));
        }
        try {
            return image.containerize(Containerizer.to(TarImage.at(tar).named(name))
                    .setOfflineMode(true)
                    .setBaseImageLayersCache(layout.work().resolve("jib-base-cache"))
                    .setApplicationLayersCache(layout.work().resolve("jib-cache")));
        } catch (InvalidImageReferenceException e) {
            throw new IOException(name + " is no name of an image: " + e.getMessage(), e);
        } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
            throw new IOException("the image " + name + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** A library of others; ours change with every version, theirs seldom. */
    private static boolean isLibrary(Path app, Path file) {
        return file.startsWith(app.resolve("lib"))
                && !file.getFileName().toString().startsWith("headroom-");
    }

    private static List<Path> select(List<Path> files, Predicate<Path> wanted) {
        return files.stream().filter(wanted).toList();
    }

    /** The C libraries, the accounts, and the folders that are written to. */
    private FileEntriesLayer system() throws IOException {
        Path base = layout.base();
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("system");
        for (Path file : select(Layout.files(base), file -> !file.startsWith(layout.runtime()))) {
            add(layer, base, "/", file);
        }
        return layer.addEntry(
                        base.resolve("home/headroom"),
                        AbsoluteUnixPath.get("/home/headroom"),
                        EXECUTABLE,
                        Layout.FILE_TIME,
                        USER)
                .addEntry(base.resolve("tmp"), AbsoluteUnixPath.get("/tmp"), OPEN_TO_ALL, Layout.FILE_TIME)
                .build();
    }

    private static FileEntriesLayer layer(String name, Path root, String at, List<Path> files) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        files.forEach(file -> add(layer, root, at, file));
        return layer.build();
    }

    private static void add(FileEntriesLayer.Builder layer, Path root, String at, Path file) {
        layer.addEntry(
                file,
                AbsoluteUnixPath.get(at).resolve(root.relativize(file)),
                Files.isExecutable(file) ? EXECUTABLE : READABLE,
                Layout.FILE_TIME);
    }
}

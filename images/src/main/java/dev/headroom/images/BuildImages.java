package dev.headroom.images;

import com.google.cloud.tools.jib.api.JibContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make images}: links a Java runtime, trains both programs on it, has Jib write the tars and reads them back. */
@Command(
        name = "make images",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes the images of both programs as tar files; docs/images.md says more.")
public final class BuildImages implements Callable<Integer> {

    private static final String LABEL = "org.opencontainers.image.";

    @Option(names = "--root", hidden = true, description = "the folder of the sources")
    private Path root = Path.of("");

    @Option(names = "--only", paramLabel = "service|operator", description = "build one image alone")
    private @Nullable String only;

    @Option(
            names = "--service-image",
            paramLabel = "NAME",
            description =
                    "name of the service's image; without a tag the version is its tag (default: headroom-service)")
    private String serviceImage = Program.SERVICE.name();

    @Option(
            names = "--operator-image",
            paramLabel = "NAME",
            description = "name of the operator's image (default: headroom-operator)")
    private String operatorImage = Program.OPERATOR.name();

    @Option(
            names = "--aot",
            paramLabel = "train|none|FOLDER",
            description = {
                "AOT caches from training runs (default), none, or those of a folder, such as of a release:",
                "with none and with a folder the same commit and JDK give the same digest"
            })
    private String aot = "train";

    @Option(names = "--source", paramLabel = "URL", description = "where the sources are, for the image's label")
    private @Nullable String source;

    @Option(
            names = "--jmods",
            paramLabel = "FOLDER",
            description = "the jmods of the same JDK for another processor; needs --sysroot, and has no AOT cache")
    private @Nullable Path jmods;

    @Option(
            names = "--sysroot",
            paramLabel = "FOLDER",
            description = "a root of a file system to take the C libraries from (default: this machine's)")
    private Path sysroot = Path.of("/");

    private BuildImages() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new BuildImages()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (jmods != null && aot.equals("train")) {
            aot = "none"; // a cache is made by the JVM that will use it, which may be one that this machine cannot run
        }
        Layout layout = Layout.below(root.resolve("target/images").toAbsolutePath());
        Layout.delete(layout.work()); // Jib's cache too: it knows files by their times, which are all the same
        JavaRuntime.link(Optional.ofNullable(jmods), layout.runtime(), layout.log("jlink"));
        NativeLibraries libraries = NativeLibraries.copy(layout.runtime(), sysroot, layout.base());
        layout.writeAccounts();
        Layout.setTimes(layout.base());

        Commit commit = Commit.of(root);
        List<String> problems = new ArrayList<>();
        if (only == null || only.equals(Program.SERVICE.module())) {
            problems.addAll(build(Program.SERVICE, serviceImage, layout, libraries, commit));
        }
        if (only == null || only.equals(Program.OPERATOR.module())) {
            problems.addAll(build(Program.OPERATOR, operatorImage, layout, libraries, commit));
        }
        problems.forEach(System.err::println);
        return problems.isEmpty() ? 0 : 1;
    }

    private List<String> build(Program program, String image, Layout layout, NativeLibraries libraries, Commit commit)
            throws IOException, InterruptedException {
        Path module = root.resolve(program.module());
        layout.writeJars(program, module);
        Path app = layout.app(program);
        Bom.write(module.resolve("target/sbom.json"), layout.runtime(), libraries, app.resolve(program.sbom()));
        boolean withAotCache = !aot.equals("none");
        Files.write(app.resolve(Program.ARGUMENTS), program.arguments(withAotCache));
        Layout.setTimes(app);
        if (withAotCache) {
            addAotCache(program, layout);
        }

        String version = version(module.resolve("target").resolve(program.jar()));
        String name = image.substring(image.lastIndexOf('/') + 1).contains(":") ? image : image + ":" + version;
        Path tar = root.resolve("target").resolve(program.name() + "-image.tar");
        JibContainer written = new ImageTar(layout, libraries.architecture())
                .write(program, name, labels(program, version, commit), commit.time(), tar);
        Files.copy(
                app.resolve(program.sbom()),
                root.resolve("target").resolve(program.sbom()),
                StandardCopyOption.REPLACE_EXISTING);
        System.out.printf("%s: %s, %.1f MB, %s%n", tar, name, Files.size(tar) / 1e6, written.getImageId());
        return ImageCheck.problems(program, tar, name, withAotCache, commit.time());
    }

    private void addAotCache(Program program, Layout layout) throws IOException, InterruptedException {
        Path cache = layout.app(program).resolve(program.aotCache());
        AotCache aotCache = new AotCache(program, layout);
        if (aot.equals("train")) {
            aotCache.train(root.resolve("crds/dbperformances.headroom.dev.yaml"));
        } else {
            Files.copy(Path.of(aot, program.aotCache()), cache);
        }
        aotCache.check();
        Layout.setTimes(layout.app(program));
    }

    private Map<String, String> labels(Program program, String version, Commit commit) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(LABEL + "title", program.title());
        labels.put(LABEL + "description", program.description());
        labels.put(LABEL + "version", version);
        labels.put(LABEL + "revision", commit.id());
        labels.put(LABEL + "created", commit.time().toString());
        labels.put(LABEL + "licenses", "Apache-2.0");
        labels.put(LABEL + "vendor", "Headroom");
        if (source != null) {
            labels.put(LABEL + "source", source);
        }
        return labels;
    }

    private static String version(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        }
    }

    /** What the sources are. Files that are not committed do not make it another commit, but its id says so. */
    private record Commit(String id, Instant time) {

        static Commit of(Path root) throws InterruptedException {
            Optional<String> id = Commands.firstLine(root.toAbsolutePath(), "git", "rev-parse", "HEAD");
            Optional<String> time = Commands.firstLine(root.toAbsolutePath(), "git", "log", "-1", "--format=%cI");
            if (id.isEmpty() || time.isEmpty()) {
                return new Commit("unknown", Layout.FILE_TIME);
            }
            boolean changed = Commands.firstLine(
                            root.toAbsolutePath(), "git", "status", "--porcelain", "--untracked-files=no")
                    .isPresent();
            return new Commit(
                    id.get() + (changed ? "-changed" : ""),
                    OffsetDateTime.parse(time.get()).toInstant());
        }
    }
}

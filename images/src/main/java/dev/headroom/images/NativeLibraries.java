package dev.headroom.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The C libraries that a Java runtime needs: whatever its files name, and what those name in turn, found where the C library
 * looks. Each goes into the image at the path where it was found, since the C library looks there first.
 */
final class NativeLibraries {

    /** Loaded by name at run time, so nothing declares them: DNS and files as sources of names, before glibc 2.34. */
    private static final List<String> NAME_SERVICES = List.of("libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2");

    private static final Map<Integer, String> TRIPLETS =
            Map.of(ElfFile.X86_64, "x86_64-linux-gnu", ElfFile.AARCH64, "aarch64-linux-gnu");

    /** The locale C.UTF-8. Without it the JVM can open no file whose name is not ASCII. */
    private static final String LOCALE = "/usr/lib/locale/C.utf8";

    private static final String GLIBC_BANNER = "GNU C Library (";

    private final Path system;
    private final int machine;
    private final Map<String, Path> found = new LinkedHashMap<>();

    private NativeLibraries(Path system, int machine) {
        this.system = system;
        this.machine = machine;
    }

    /**
     * Copies the libraries that the runtime needs into the root of an image.
     *
     * @param system the root of the file system that has them: {@code /}, or that of another machine
     */
    static NativeLibraries copy(Path runtime, Path system, Path root) throws IOException {
        int machine = ElfFile.read(runtime.resolve("bin/java"))
                .orElseThrow(() -> new IOException(runtime + " has no bin/java for a 64-bit Linux"))
                .machine();
        NativeLibraries libraries = new NativeLibraries(system, machine);
        libraries.collect(runtime);
        libraries.addLocale();
        for (Map.Entry<String, Path> library : libraries.found.entrySet()) {
            Path target = root.resolve(library.getKey().substring(1));
            Files.createDirectories(target.getParent());
            Files.copy(library.getValue(), target, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return libraries;
    }

    /** Paths in the image, and the files that they were copied from. */
    Map<String, Path> files() {
        return found;
    }

    /** As the OCI image specification names it. */
    String architecture() {
        return machine == ElfFile.AARCH64 ? "arm64" : "amd64";
    }

    /** The version that the C library gives of itself, with the distribution's own; empty for another C library. */
    Optional<String> glibcVersion() throws IOException {
        for (Map.Entry<String, Path> library : found.entrySet()) {
            if (library.getKey().endsWith("/libc.so.6")) {
                String text = Files.readString(library.getValue(), StandardCharsets.ISO_8859_1);
                int start = text.indexOf(GLIBC_BANNER);
                return start < 0
                        ? Optional.empty()
                        : Optional.of(text.substring(start + GLIBC_BANNER.length(), text.indexOf(')', start)));
            }
        }
        return Optional.empty();
    }

    private void collect(Path runtime) throws IOException {
        Map<String, Path> own = new LinkedHashMap<>();
        Deque<ElfFile> open = new ArrayDeque<>();
        try (Stream<Path> files = Files.walk(runtime)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Optional<ElfFile> read = ElfFile.read(file);
                if (read.isPresent()) {
                    own.put(file.getFileName().toString(), file);
                    open.add(read.get());
                }
            }
        }
        for (String name : NAME_SERVICES) {
            Optional<String> path = find(name);
            if (path.isPresent()) {
                open.add(add(path.get()));
            }
        }
        while (!open.isEmpty()) {
            ElfFile file = open.remove();
            if (file.interpreter().isPresent()) {
                String loader = file.interpreter().get();
                if (!found.containsKey(loader)) {
                    open.add(add(loader));
                }
            }
            for (String name : file.needed()) {
                if (own.containsKey(name) || found.keySet().stream().anyMatch(path -> path.endsWith("/" + name))) {
                    continue;
                }
                open.add(add(find(name)
                        .orElseThrow(() -> new IOException("the Java runtime needs the library " + name
                                + ", and none of " + folders() + " below " + system + " has it for this processor"))));
            }
        }
    }

    private void addLocale() throws IOException {
        Path folder = system.resolve(LOCALE.substring(1));
        if (Files.isDirectory(folder)) {
            for (Path file : Layout.files(folder)) {
                found.put(LOCALE + "/" + folder.relativize(file), file);
            }
        }
    }

    private ElfFile add(String path) throws IOException {
        Path file = system.resolve(path.substring(1)).toRealPath();
        found.put(path, file);
        return ElfFile.read(file).orElseThrow();
    }

    private Optional<String> find(String name) throws IOException {
        for (String folder : folders()) {
            Path file = system.resolve(folder.substring(1)).resolve(name);
            if (Files.exists(file)
                    && ElfFile.read(file)
                            .filter(elf -> elf.machine() == machine)
                            .isPresent()) {
                return Optional.of(folder + "/" + name);
            }
        }
        return Optional.empty();
    }

    /** Where a C library looks without being told: Debian's folders, then those of the others. */
    private List<String> folders() {
        String triplet = TRIPLETS.getOrDefault(machine, "none");
        return List.of("/lib/" + triplet, "/usr/lib/" + triplet, "/lib64", "/usr/lib64", "/lib", "/usr/lib");
    }
}

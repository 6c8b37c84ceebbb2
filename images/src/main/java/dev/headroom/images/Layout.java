package dev.headroom.images;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The folders that the images are made of. {@code base} is the root of the file system of both, {@code NAME/app} the folder of a
 * program. They stay after the build, for a Dockerfile that copies them on another base image.
 */
record Layout(Path work, Path base) {

    /**
     * The time of every file. The JVM refuses an AOT cache when a jar has another time than in the training run, so files
     * have it here already, not only in the image.
     */
    static final Instant FILE_TIME = Instant.EPOCH.plusSeconds(1);

    /** The earliest that a jar can have. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    static Layout below(Path work) {
        return new Layout(work, work.resolve("base"));
    }

    Path runtime() {
        return base.resolve(Program.JAVA_HOME.substring(1));
    }

    Path app(Program program) {
        return work.resolve(program.name()).resolve("app");
    }

    /** Where the output of this step of the build is written. */
    Path log(String name) {
        return work.resolve(name + ".log");
    }

    /** Writes the accounts that the C library and the JVM look up, and says where names of hosts are looked up. */
    void writeAccounts() throws IOException {
        Path etc = Files.createDirectories(base.resolve("etc"));
        Files.writeString(
                etc.resolve("passwd"),
                "root:x:0:0:root:/root:/sbin/nologin\nheadroom:x:65532:65532:headroom:/home/headroom:/sbin/nologin\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\nheadroom:x:65532:\n");
        Files.writeString(etc.resolve("nsswitch.conf"), "hosts: files dns\n");
        Files.createDirectories(base.resolve("home/headroom"));
        Files.createDirectories(base.resolve("tmp"));
    }

    /**
     * Writes the jars of a program, its own and beside it in lib what its manifest names, with their entries stored and not
     * deflated: the layer is gzipped as a whole, which is a quarter smaller than jars that are deflated class by class.
     */
    void writeJars(Program program, Path module) throws IOException {
        Path app = app(program);
        Files.createDirectories(app.resolve("lib"));
        store(module.resolve("target").resolve(program.jar()), app.resolve(program.jar()));
        for (Path jar : files(module.resolve("target/lib"))) {
            store(jar, app.resolve("lib").resolve(jar.getFileName().toString()));
        }
    }

    /** With a fixed time for each entry: of the same jar this makes the same bytes. */
    private static void store(Path jar, Path into) throws IOException {
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(into)))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                byte[] content;
                try (InputStream stream = from.getInputStream(entry)) {
                    content = stream.readAllBytes();
                }
                CRC32 checksum = new CRC32();
                checksum.update(content);
                ZipEntry stored = new ZipEntry(entry.getName());
                stored.setMethod(ZipEntry.STORED);
                stored.setSize(content.length);
                stored.setCrc(checksum.getValue());
                stored.setTimeLocal(ENTRY_TIME);
                to.putNextEntry(stored);
                to.write(content);
            }
        }
    }

    static void setTimes(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.setLastModifiedTime(file, FileTime.from(FILE_TIME));
        }
    }

    /** All files below a folder, always in the same order. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = new ArrayList<>(tree.sorted(Comparator.reverseOrder()).toList());
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}

package dev.headroom.service.documents;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where Java has no openat (macOS): by path, and each path is looked at again once it is open. */
final class NamedFolder implements Folder {
    private final Path directory;

    NamedFolder(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> names(int most) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.limit(most)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
    }

    @Override
    public BasicFileAttributes attributes(String name) throws IOException {
        return Files.readAttributes(directory.resolve(name), BasicFileAttributes.class, NOFOLLOW_LINKS);
    }

    @Override
    public Folder child(String name) throws IOException {
        Path child = directory.resolve(name);
        stays(child);
        return new NamedFolder(child);
    }

    @Override
    public SeekableByteChannel file(String name) throws IOException {
        Path file = directory.resolve(name);
        SeekableByteChannel channel = Files.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
        try {
            stays(file);
            return channel;
        } catch (IOException swapped) {
            channel.close();
            throw swapped;
        }
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    /** Links in the names above the trusted directory were resolved long ago, so a real path equals its name. */
    private static void stays(Path path) throws IOException {
        if (!path.toRealPath().equals(path)) {
            throw new AccessDeniedException(path.toString(), null, "a symbolic link took its place");
        }
    }
}

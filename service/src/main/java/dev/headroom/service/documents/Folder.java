package dev.headroom.service.documents;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * An open directory. What is opened through it lies in it, even when somebody swaps a part of its path for a symbolic link
 * meanwhile: names are resolved against the open directory and links are not followed.
 */
interface Folder extends AutoCloseable {
    /** The names in it, in their order, at most so many. */
    List<String> names(int most) throws IOException;

    /** Of the entry itself, not of what it may link to. */
    BasicFileAttributes attributes(String name) throws IOException;

    Folder child(String name) throws IOException;

    SeekableByteChannel file(String name) throws IOException;

    @Override
    void close() throws IOException;

    /** {@code directory} is trusted to be what it is. */
    @SuppressWarnings("StreamResourceLeak") // closed with the folder that takes it over
    static Folder open(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new OpenFolder(secure);
        }
        stream.close();
        return new NamedFolder(directory);
    }

    /** Goes down from a trusted directory, one name after the other. */
    static Folder below(Path directory, Path steps) throws IOException {
        Folder folder = open(directory);
        for (Path step : steps) {
            if (step.toString().isEmpty()) {
                continue;
            }
            try (Folder above = folder) {
                folder = above.child(step.toString());
            }
        }
        return folder;
    }
}

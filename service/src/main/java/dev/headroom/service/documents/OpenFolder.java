package dev.headroom.service.documents;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** By the operating system's openat and its kin. */
final class OpenFolder implements Folder {
    private final SecureDirectoryStream<Path> stream;

    OpenFolder(SecureDirectoryStream<Path> stream) {
        this.stream = stream;
    }

    @Override
    public List<String> names(int most) throws IOException {
        try {
            List<String> names = new ArrayList<>();
            for (Path entry : stream) {
                if (names.size() == most) {
                    break;
                }
                names.add(String.valueOf(entry.getFileName()));
            }
            names.sort(null);
            return names;
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
    }

    @Override
    public BasicFileAttributes attributes(String name) throws IOException {
        return stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
                .readAttributes();
    }

    @Override
    public Folder child(String name) throws IOException {
        return new OpenFolder(stream.newDirectoryStream(Path.of(name), NOFOLLOW_LINKS));
    }

    @Override
    public SeekableByteChannel file(String name) throws IOException {
        return stream.newByteChannel(Path.of(name), Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}

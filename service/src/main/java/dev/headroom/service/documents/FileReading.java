package dev.headroom.service.documents;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/** Reads a found file, no more of it than needed to tell that it is none of ours. */
final class FileReading {
    private final DocumentParser parser;
    private final int maxSize;
    private final InstantSource clock;

    FileReading(DocumentShape shape, int maxSize, InstantSource clock) {
        this.parser = new DocumentParser(shape);
        this.maxSize = maxSize;
        this.clock = clock;
    }

    /** Empty when it has vanished. */
    Optional<ReadFile> read(FoundFile file) {
        Instant readAt = clock.instant();
        try {
            Document document = parser.parse(content(file)).orElse(null);
            return Optional.of(ReadFile.of(file, readAt, document, null));
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return Optional.empty();
        } catch (NotReadable notOne) {
            return Optional.of(ReadFile.of(file, readAt, null, notOne.reason()));
        } catch (IOException unreadable) {
            return Optional.of(ReadFile.of(file, readAt, null, Confinement.reason(unreadable)));
        }
    }

    private byte[] content(FoundFile file) throws IOException, NotReadable {
        Path steps = file.file().steps();
        Path folder = steps.getParent();
        try (Folder holder = Folder.below(file.file().root(), folder == null ? Path.of("") : folder);
                SeekableByteChannel channel = holder.file(String.valueOf(steps.getFileName()))) {
            byte[] begin = bytes(channel, DocumentParser.ENOUGH_TO_TELL);
            if (!DocumentParser.mayBegin(begin)) {
                return begin;
            }
            channel.position(0);
            byte[] all = bytes(channel, maxSize + 1);
            if (all.length > maxSize) {
                throw new NotReadable("the file is larger than documents.max-file-size, " + maxSize + " bytes");
            }
            return all;
        }
    }

    /** Up to so many bytes, whatever the file's size was said to be: it may be growing. */
    private static byte[] bytes(SeekableByteChannel channel, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, Math.max(channel.size() + 1, 16)));
        while (channel.read(buffer) >= 0) {
            if (!buffer.hasRemaining()) {
                if (buffer.capacity() == most) {
                    break;
                }
                buffer = ByteBuffer.allocate((int) Math.min(most, buffer.capacity() * 2L))
                        .put(buffer.flip());
            }
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}

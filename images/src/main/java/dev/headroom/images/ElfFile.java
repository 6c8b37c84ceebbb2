package dev.headroom.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the header of a 64-bit program or library says: for which processor it is, and what it is to be loaded with. Read here
 * and not by ldd, which runs what it reads, and so cannot read what is for another processor.
 *
 * @param machine the number of the processor's architecture
 * @param needed names of the libraries that it needs
 * @param interpreter the absolute path of the program that loads it, for programs
 */
record ElfFile(int machine, List<String> needed, Optional<String> interpreter) {

    static final int X86_64 = 62;
    static final int AARCH64 = 183;

    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;

    private static final int SEGMENT_LOADED = 1;
    private static final int SEGMENT_DYNAMIC = 2;
    private static final int SEGMENT_INTERPRETER = 3;
    private static final int DYNAMIC_ENTRY = 16;
    private static final int TAG_NEEDED = 1;
    private static final int TAG_STRINGS = 5;

    /** Reads a file's header; empty for a file of another format, such as a linker script. */
    static Optional<ElfFile> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            if (bytes.limit() < 64
                    || bytes.getInt(0) != MAGIC
                    || bytes.get(4) != CLASS_64
                    || bytes.get(5) != LITTLE_ENDIAN) {
                return Optional.empty();
            }
            return Optional.of(parse(bytes.order(ByteOrder.LITTLE_ENDIAN)));
        }
    }

    private record Segment(int type, int offset, long address, int size) {
        static Segment at(ByteBuffer bytes, int at) {
            return new Segment(
                    bytes.getInt(at),
                    Math.toIntExact(bytes.getLong(at + 8)),
                    bytes.getLong(at + 16),
                    Math.toIntExact(bytes.getLong(at + 32)));
        }

        boolean contains(long wanted) {
            return type == SEGMENT_LOADED && wanted >= address && wanted < address + size;
        }
    }

    private static ElfFile parse(ByteBuffer bytes) {
        List<Segment> segments = new ArrayList<>();
        int first = Math.toIntExact(bytes.getLong(32));
        int size = bytes.getShort(54);
        for (int i = 0; i < bytes.getShort(56); i++) {
            segments.add(Segment.at(bytes, first + i * size));
        }
        List<String> needed = segments.stream()
                .filter(segment -> segment.type() == SEGMENT_DYNAMIC)
                .findFirst()
                .map(dynamic -> needed(bytes, dynamic, segments))
                .orElse(List.of());
        Optional<String> interpreter = segments.stream()
                .filter(segment -> segment.type() == SEGMENT_INTERPRETER)
                .findFirst()
                .map(segment -> text(bytes, segment.offset()));
        return new ElfFile(bytes.getShort(18), needed, interpreter);
    }

    private static List<String> needed(ByteBuffer bytes, Segment dynamic, List<Segment> segments) {
        List<Long> names = new ArrayList<>();
        long strings = 0;
        for (int at = dynamic.offset(); at < dynamic.offset() + dynamic.size(); at += DYNAMIC_ENTRY) {
            long tag = bytes.getLong(at);
            long value = bytes.getLong(at + 8);
            if (tag == TAG_NEEDED) {
                names.add(value);
            } else if (tag == TAG_STRINGS) {
                strings = value;
            }
        }
        long table = strings;
        Segment holder = segments.stream()
                .filter(segment -> segment.contains(table))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the table of names is in no segment"));
        int start = Math.toIntExact(holder.offset() + table - holder.address());
        return names.stream()
                .map(name -> text(bytes, Math.toIntExact(start + name)))
                .toList();
    }

    private static String text(ByteBuffer bytes, int start) {
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - start];
        bytes.get(start, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}

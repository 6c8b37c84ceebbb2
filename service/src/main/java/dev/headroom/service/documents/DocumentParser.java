package dev.headroom.service.documents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file's bytes to a document. Pure: no file is touched. */
final class DocumentParser {
    /** {@code ---} after the mark that some editors put before UTF-8. */
    static final int ENOUGH_TO_TELL = 6;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final DocumentShape shape;

    DocumentParser(DocumentShape shape) {
        this.shape = shape;
    }

    /** Whether the first bytes of a file leave it possible that it begins with front matter. */
    static boolean mayBegin(byte[] bytes) {
        int from = markLength(bytes);
        return bytes.length >= from + 3 && bytes[from] == '-' && bytes[from + 1] == '-' && bytes[from + 2] == '-';
    }

    /** Empty for a file that is none of ours. */
    Optional<Document> parse(byte[] bytes) throws NotReadable {
        if (!mayBegin(bytes)) {
            return Optional.empty();
        }
        MarkdownText text = new MarkdownText(decode(bytes));
        Optional<MarkdownText.Yaml> matter = text.frontMatter();
        if (matter.isEmpty()) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> fields =
                YamlReader.mapping(matter.get().text(), matter.get().line());
        return shape.kind().equals(fields.get(shape.kindField()))
                ? Optional.of(document(fields, text))
                : Optional.empty();
    }

    private Document document(Map<String, @Nullable Object> matter, MarkdownText text) throws NotReadable {
        Object identity = matter.get(shape.identity());
        if (identity == null || identity.toString().isBlank() || identity instanceof Map || identity instanceof List) {
            throw new NotReadable("the front matter has no '" + shape.identity() + "'");
        }
        List<String> mistakes = new ArrayList<>();
        List<Map<String, @Nullable Object>> blocks = new ArrayList<>();
        shape.blocks()
                .ifPresent(wanted -> text.blocks(wanted.word()).forEach(block -> {
                    try {
                        blocks.add(block(block, wanted));
                    } catch (NotReadable broken) {
                        mistakes.add(broken.reason());
                    }
                }));
        return new Document(identity.toString(), select(shape.fields(), matter), blocks, List.copyOf(mistakes));
    }

    private static Map<String, @Nullable Object> block(MarkdownText.Block block, DocumentShape.Blocks wanted)
            throws NotReadable {
        Map<String, @Nullable Object> selected = select(
                wanted.fields(),
                YamlReader.mapping(block.yaml().text(), block.yaml().line()));
        selected.put(wanted.heading(), block.heading());
        return selected;
    }

    private static Map<String, @Nullable Object> select(
            Map<String, String> wanted, Map<String, @Nullable Object> found) {
        Map<String, @Nullable Object> selected = new LinkedHashMap<>();
        wanted.forEach((key, field) -> selected.put(key, found.get(field)));
        return selected;
    }

    private static String decode(byte[] bytes) throws NotReadable {
        int from = markLength(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new NotReadable("the file is not UTF-8");
        }
    }

    private static int markLength(byte[] bytes) {
        return bytes.length >= 3
                        && bytes[0] == BYTE_ORDER_MARK[0]
                        && bytes[1] == BYTE_ORDER_MARK[1]
                        && bytes[2] == BYTE_ORDER_MARK[2]
                ? 3
                : 0;
    }
}

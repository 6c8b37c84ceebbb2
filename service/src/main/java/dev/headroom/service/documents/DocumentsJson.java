package dev.headroom.service.documents;

import dev.headroom.service.database.json.JsonBuffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer: documents by their identity, and what could not be read. */
final class DocumentsJson {
    private final DocumentShape shape;
    private final JsonBuffer out = new JsonBuffer(64 * 1024);

    private DocumentsJson(DocumentShape shape) {
        this.shape = shape;
    }

    /** Of two documents with one identity the first by repository and path is answered, the other is a mistake. */
    static byte[] of(DocumentShape shape, DocumentScan.Result result) {
        Map<String, DocumentScan.Located> byIdentity = new LinkedHashMap<>();
        List<Mistake> mistakes = new ArrayList<>(result.mistakes());
        for (DocumentScan.Located located : result.documents()) {
            DocumentScan.Located first =
                    byIdentity.putIfAbsent(located.document().identity(), located);
            if (first != null) {
                mistakes.add(new Mistake(
                        located.repository(),
                        located.path(),
                        "'" + located.document().identity() + "' is already the " + shape.identity() + " of "
                                + first.repository() + "/" + first.path()));
            }
        }
        mistakes.sort(Mistake.ORDER);
        return new DocumentsJson(shape).write(byIdentity, mistakes);
    }

    private byte[] write(Map<String, DocumentScan.Located> documents, List<Mistake> mistakes) {
        Map<String, @Nullable Object> collection = new LinkedHashMap<>();
        documents.forEach((identity, located) -> collection.put(identity, document(located)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(shape.collection(), collection);
        answer.put("errors", mistakes.stream().map(this::mistake).toList());
        value(answer);
        return out.toByteArray();
    }

    private Map<String, @Nullable Object> document(DocumentScan.Located located) {
        Map<String, @Nullable Object> document =
                new LinkedHashMap<>(located.document().fields());
        document.put(shape.repository(), located.repository());
        document.put(shape.path(), located.path());
        shape.blocks()
                .ifPresent(blocks ->
                        document.put(blocks.collection(), located.document().blocks()));
        return document;
    }

    private Map<String, @Nullable Object> mistake(Mistake mistake) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put(shape.repository(), mistake.repository());
        entry.put(shape.path(), mistake.path());
        entry.put("message", mistake.message());
        return entry;
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> out.putNull();
            case Map<?, ?> object -> object(object);
            case List<?> list -> list(list);
            case Boolean flag -> out.put(ascii(flag.toString()));
            case BigDecimal number -> out.put(ascii(number.toString()));
            default -> text(value.toString());
        }
    }

    private void object(Map<?, ?> object) {
        char separator = '{';
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            out.put(separator);
            text(String.valueOf(entry.getKey()));
            out.put(':');
            value(entry.getValue());
            separator = ',';
        }
        if (object.isEmpty()) {
            out.put('{');
        }
        out.put('}');
    }

    private void list(List<?> list) {
        char separator = '[';
        for (Object each : list) {
            out.put(separator);
            value(each);
            separator = ',';
        }
        if (list.isEmpty()) {
            out.put('[');
        }
        out.put(']');
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.putString(utf8, 0, utf8.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

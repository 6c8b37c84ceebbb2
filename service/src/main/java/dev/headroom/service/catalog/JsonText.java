package dev.headroom.service.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.util.regex.Pattern;

/** Reads one JSON value from a request: only what jsonb takes, and bounded in depth, so that the database refuses none. */
final class JsonText {
    private static final int DEEPEST = 50;
    private static final int LONGEST_NUMBER = 100;

    /** jsonb keeps a number digit by digit: 1e100000 would be a hundred thousand of them. */
    private static final Pattern GREAT_EXPONENT = Pattern.compile(".*[eE][+-]?0*[1-9][0-9]{2,}");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private JsonText() {}

    /**
     * The value without the space between its tokens: requests that differ in nothing else are one.
     *
     * @throws IOException when it is not one JSON value, or one that jsonb does not take
     */
    static String compact(String raw) throws IOException {
        StringWriter compact = new StringWriter(raw.length());
        try (JsonParser parser = JSON.createParser(raw);
                JsonGenerator generator = JSON.createGenerator(compact)) {
            if (parser.nextToken() == null) {
                throw new IOException("there is no value");
            }
            int open = 0;
            do {
                check(parser);
                copy(parser, generator);
                JsonToken token = parser.currentToken();
                open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (open > 0 && parser.nextToken() != null);
            if (open > 0 || parser.nextToken() != null) {
                throw new IOException("it is not one value");
            }
        }
        return compact.toString();
    }

    /** Numbers stay as they are written, digit by digit. */
    private static void copy(JsonParser parser, JsonGenerator generator) throws IOException {
        if (parser.currentToken().isNumeric()) {
            generator.writeNumber(parser.getText());
        } else {
            generator.copyCurrentEvent(parser);
        }
    }

    private static void check(JsonParser parser) throws IOException {
        String text = parser.getText();
        JsonToken token = parser.currentToken();
        boolean refused = token.isNumeric()
                ? GREAT_EXPONENT.matcher(text).matches()
                : (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) && !isText(text);
        if (refused) {
            throw new IOException("jsonb does not take it");
        }
    }

    /** Without NUL, and with both halves of every surrogate pair. */
    private static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}

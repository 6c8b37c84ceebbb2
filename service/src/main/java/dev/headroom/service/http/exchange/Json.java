package dev.headroom.service.http.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, text, numbers and flags as JSON: for the few small documents that are not rows. */
public final class Json {
    private final StringBuilder out = new StringBuilder(256);

    private record Raw(String json) {}

    private Json() {}

    /** A value that is JSON already, to be written as it stands. */
    public static Object raw(String json) {
        return new Raw(json);
    }

    public static String write(Map<String, ?> object) {
        Json json = new Json();
        json.value(object);
        return json.out.toString();
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> object -> object(object);
            case List<?> list -> list(list);
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            case Raw raw -> out.append(raw.json());
            default -> text(value.toString());
        }
    }

    private void object(Map<?, ?> object) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            out.append(separator);
            text(String.valueOf(entry.getKey()));
            out.append(':');
            value(entry.getValue());
            separator = ",";
        }
        out.append(object.isEmpty() ? "{}" : "}");
    }

    private void list(List<?> list) {
        String separator = "[";
        for (Object each : list) {
            out.append(separator);
            value(each);
            separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    private void text(String text) {
        out.append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    // A lone surrogate has no UTF-8; escaped it stays what it was.
                    if (c < 0x20 || Character.isSurrogate(c) || c == '<') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

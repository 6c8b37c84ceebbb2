package dev.headroom.service.facets;

import java.util.ArrayList;
import java.util.List;

/**
 * The values in a column of a category, as the server writes the column as text: an array ({@code {a,"b c"}}), JSON (a
 * string, or an array of them), or a plain value. Null, and what is not text or a number within JSON, is no value.
 */
final class TagText {

    /** How a column's text is to be read. */
    enum Form {
        PLAIN,
        ARRAY,
        JSON;

        /** From the name of the column's type, as the driver gives it: {@code "schema"."_name"} where it is somebody's own. */
        static Form of(String given) {
            String type = given.substring(given.lastIndexOf('.') + 1).replace("\"", "");
            if (type.equals("json") || type.equals("jsonb")) {
                return JSON;
            }
            return type.startsWith("_") ? ARRAY : PLAIN;
        }
    }

    private final String text;
    private final List<String> values = new ArrayList<>();
    private int at;

    private TagText(String text) {
        this.text = text;
    }

    static List<String> values(Form form, String text) {
        TagText reader = new TagText(text);
        switch (form) {
            case PLAIN -> reader.values.add(text);
            case ARRAY -> reader.array();
            case JSON -> reader.json();
        }
        return List.copyOf(reader.values);
    }

    private void array() {
        at = text.indexOf('{') + 1; // bounds that are not 1 stand before it: [0:1]={a,b}
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                values.add(quoted(false));
            } else if ("{},".indexOf(c) >= 0) {
                at++;
            } else {
                String bare = bare(",}");
                if (!bare.equals("NULL")) {
                    values.add(bare);
                }
            }
        }
    }

    /** A string or number at the top, or the strings and numbers of an array there; what is nested deeper is skipped. */
    private void json() {
        int depth = 0;
        boolean object = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                take(quoted(true), depth, object);
            } else if (c == '[' || c == '{') {
                object |= c == '{' && depth == 0;
                depth++;
                at++;
            } else if (c == ']' || c == '}') {
                depth--;
                at++;
            } else if (c == ',' || c == ':' || Character.isWhitespace(c)) {
                at++;
            } else {
                String bare = bare(",]}: \n\t\r");
                boolean number = Character.isDigit(bare.charAt(bare.length() - 1));
                take(bare, number ? depth : Integer.MAX_VALUE, object);
            }
        }
    }

    private void take(String value, int depth, boolean object) {
        if (depth <= 1 && !object) {
            values.add(value);
        }
    }

    /** Everything up to one of the ends. */
    private String bare(String ends) {
        int from = at++;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted(boolean json) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char escaped = text.charAt(at++);
                value.append(json ? meaning(escaped) : escaped);
            } else {
                value.append(c);
            }
        }
        at++;
        return value.toString();
    }

    private char meaning(char escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) Integer.parseInt(text, at, at += 4, 16);
            default -> escaped;
        };
    }
}

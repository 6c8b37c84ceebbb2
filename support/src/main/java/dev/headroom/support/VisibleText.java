package dev.headroom.support;

import java.util.OptionalInt;

/**
 * Makes control characters visible, so that text of others (names in a database, messages of a server) is one line wherever
 * it is printed: it cannot begin a line of its own in a script or a log, move a terminal's cursor, or show itself in another
 * order than it has.
 */
public final class VisibleText {

    private VisibleText() {}

    /** The text in one line: control characters become escapes such as \n or \u202E. */
    public static String of(String text) {
        if (firstHidden(text).isEmpty()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (isHidden(character)) {
                visible.append(escape(character));
            } else {
                visible.appendCodePoint(character);
            }
        });
        return visible.toString();
    }

    /** The first character that {@link #of} would escape. */
    public static OptionalInt firstHidden(String text) {
        return text.codePoints().filter(VisibleText::isHidden).findFirst();
    }

    /** Whether a character ends a line, controls a terminal, reorders or hides text, or is half of a pair. */
    public static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            // Zero-width joiners are part of how Persian and many scripts of India are written.
            case Character.FORMAT -> character != 0x200C && character != 0x200D;
            default -> false;
        };
    }

    private static String escape(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> character <= 0xFFFF ? "\\u%04X".formatted(character) : "\\U%08X".formatted(character);
        };
    }
}

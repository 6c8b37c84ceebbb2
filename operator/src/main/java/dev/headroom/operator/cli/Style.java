package dev.headroom.operator.cli;

import java.io.Console;

/** Colours of a terminal, for terminals alone. */
enum Style {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    GOOD("32"),
    WARNING("33"),
    BAD("31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String paint(String text, boolean colours) {
        return colours && this != PLAIN ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** Whether standard output is a terminal, and nobody asked for no colours (no-color.org). */
    @SuppressWarnings("SystemConsoleNull") // With the default provider of Java 25 it is null without a terminal.
    static boolean areWanted() {
        String refused = System.getenv("NO_COLOR");
        Console console = System.console();
        return (refused == null || refused.isEmpty())
                && !"dumb".equals(System.getenv("TERM"))
                && console != null
                && console.isTerminal();
    }
}

package dev.headroom.operator;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One line an entry, on standard error, with the time in UTC. */
final class Logging {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.headroom");

    private Logging() {}

    static void configure(String level) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tLZ %4$-7s %3$s: %5$s%6$s%n");
        java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
        Level chosen = switch (level) {
            case "ERROR" -> Level.SEVERE;
            case "DEBUG" -> Level.FINE;
            default -> Level.parse(level);
        };
        OURS.setLevel(chosen);
        // The libraries tell at INFO what only their authors need.
        ROOT.setLevel(chosen.intValue() > Level.WARNING.intValue() ? chosen : Level.WARNING);
        for (var handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        ROOT.addHandler(console);
    }
}

package dev.headroom.operator;

import dev.headroom.support.ShutdownSafeLogManager;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** One line an entry, on standard error, with the time in UTC. */
final class Logging {

    private Logging() {}

    /**
     * Held, for the log manager forgets a logger, and its level, that nobody holds; and in a class of their own, for the
     * first that asks for a logger makes the log manager.
     */
    private static final class Loggers {
        static final Logger ROOT = Logger.getLogger("");
        static final Logger OURS = Logger.getLogger("dev.headroom");
    }

    /** To be called before anything asks for a logger. */
    static void configure(String level) {
        System.setProperty("java.util.logging.manager", ShutdownSafeLogManager.class.getName());
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tLZ %4$-7s %3$s: %5$s%6$s%n");
        java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
        Level chosen = switch (level) {
            case "ERROR" -> Level.SEVERE;
            case "DEBUG" -> Level.FINE;
            default -> Level.parse(level);
        };
        Loggers.OURS.setLevel(chosen);
        // The libraries tell at INFO what only their authors need.
        Loggers.ROOT.setLevel(chosen.intValue() > Level.WARNING.intValue() ? chosen : Level.WARNING);
        for (var handler : Loggers.ROOT.getHandlers()) {
            Loggers.ROOT.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        Loggers.ROOT.addHandler(console);
        if (LogManager.getLogManager() instanceof ShutdownSafeLogManager manager) {
            manager.keepOpen();
        }
    }
}

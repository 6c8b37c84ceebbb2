package dev.headroom.operator;

import dev.headroom.support.ShutdownSafeLogManager;
import dev.headroom.support.VisibleText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
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

        /** Warns of each alpha version, our own among them. */
        static final Logger KIND_VERSIONS =
                Logger.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils");
    }

    /**
     * An entry begins a line, and nothing else does: names from databases and what servers say have their control characters
     * escaped, and the lines of a stack trace are indented.
     */
    static final class LineFormatter extends Formatter {
        @Override
        public String format(LogRecord entry) {
            StringBuilder line = new StringBuilder("%1$tFT%1$tT.%1$tLZ %2$-7s %3$s: %4$s%n"
                    .formatted(
                            entry.getInstant().atZone(ZoneOffset.UTC),
                            entry.getLevel().getName(),
                            entry.getLoggerName(),
                            VisibleText.of(formatMessage(entry))));
            if (entry.getThrown() != null) {
                StringWriter trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace));
                trace.toString()
                        .lines()
                        .forEach(each -> line.append("    ")
                                .append(VisibleText.of(each.strip()))
                                .append(System.lineSeparator()));
            }
            return line.toString();
        }
    }

    /** A container mostly has no locale, and a sentence with an × would get question marks. */
    private static ConsoleHandler consoleInUtf8() {
        ConsoleHandler console = new ConsoleHandler();
        try {
            console.setEncoding(StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java has it", e);
        }
        return console;
    }

    /** To be called before anything asks for a logger. */
    static void configure(String level) {
        System.setProperty("java.util.logging.manager", ShutdownSafeLogManager.class.getName());
        java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
        Level chosen = switch (level) {
            case "ERROR" -> Level.SEVERE;
            case "DEBUG" -> Level.FINE;
            default -> Level.parse(level);
        };
        Loggers.OURS.setLevel(chosen);
        // The libraries tell at INFO what only their authors need.
        Loggers.ROOT.setLevel(chosen.intValue() > Level.WARNING.intValue() ? chosen : Level.WARNING);
        Loggers.KIND_VERSIONS.setLevel(Level.SEVERE);
        for (var handler : Loggers.ROOT.getHandlers()) {
            Loggers.ROOT.removeHandler(handler);
        }
        ConsoleHandler console = consoleInUtf8();
        console.setLevel(Level.ALL);
        console.setFormatter(new LineFormatter());
        Loggers.ROOT.addHandler(console);
        if (LogManager.getLogManager() instanceof ShutdownSafeLogManager manager) {
            manager.keepOpen();
        }
    }
}

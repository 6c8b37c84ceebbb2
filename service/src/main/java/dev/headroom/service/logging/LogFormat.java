package dev.headroom.service.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** One line an event, with the levels by the names that people filter for: ERROR and WARN, not SEVERE and WARNING. */
public final class LogFormat extends Formatter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    @Override
    public String format(LogRecord event) {
        StringWriter line = new StringWriter(256);
        PrintWriter out = new PrintWriter(line);
        out.print(TIME.format(event.getInstant()));
        out.printf(" %-5s %s: %s%n", level(event.getLevel()), event.getLoggerName(), formatMessage(event));
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(out);
        }
        return line.toString();
    }

    private static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        } else if (value >= Level.WARNING.intValue()) {
            return "WARN";
        } else if (value >= Level.INFO.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }
}

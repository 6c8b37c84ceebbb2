package dev.headroom.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;

/** What is logged while this is open: lines that a person on call would see. */
public final class LoggedLines implements AutoCloseable {
    /** Held, or the logger is collected and with it what listens. */
    private final Logger logger;

    private final @Nullable Level before;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new StreamHandler() {
        @Override
        public void publish(LogRecord line) {
            records.add(line);
        }
    };

    private LoggedLines(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
        logger.addHandler(handler);
    }

    /** Everything that anybody logs. */
    public static LoggedLines ofAll() {
        return new LoggedLines(Logger.getLogger(""));
    }

    /** What this package logs from INFO on; tests are quiet up to warnings otherwise. */
    public static LoggedLines of(Package logging) {
        return of(logging.getName());
    }

    /** What goes to the logger of this name, and to those below it. */
    public static LoggedLines of(String logger) {
        LoggedLines lines = new LoggedLines(Logger.getLogger(logger));
        lines.logger.setLevel(Level.INFO);
        return lines;
    }

    /** As they would be written, with the stacks of exceptions. */
    public List<String> written() {
        var format = new SimpleFormatter();
        return records.stream().map(format::format).toList();
    }

    /** Level and message of each. */
    public List<String> lines() {
        var format = new SimpleFormatter();
        return records.stream()
                .map(line -> line.getLevel() + " " + format.formatMessage(line))
                .toList();
    }

    public List<String> warnings() {
        return lines().stream().filter(line -> line.startsWith("WARNING")).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(before);
    }
}

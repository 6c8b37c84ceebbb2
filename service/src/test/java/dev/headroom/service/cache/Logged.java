package dev.headroom.service.cache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the cache writes into the log while this is open: lines that a person on call would see. */
final class Logged implements AutoCloseable {
    /** Held, or the logger is collected and with it what listens. */
    private final Logger logger = Logger.getLogger(Logged.class.getPackageName());

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.INFO.intValue()) {
                records.add(record);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Logged() {
        logger.setLevel(Level.INFO); // tests are quiet up to warnings
        logger.addHandler(handler);
    }

    /** Everything from INFO on, as it reads. */
    List<String> lines() {
        var format = new SimpleFormatter();
        return records.stream()
                .map(record -> record.getLevel() + " " + format.formatMessage(record))
                .toList();
    }

    List<String> warnings() {
        return lines().stream().filter(line -> line.startsWith("WARNING")).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(null);
    }
}

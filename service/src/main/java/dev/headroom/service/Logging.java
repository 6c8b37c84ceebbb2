package dev.headroom.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;

/** Log lines on standard error, as logging.properties says, unless a file of the operator's own is named. */
final class Logging {
    private Logging() {}

    /** To be called before anything asks for a logger. */
    static void configure() {
        System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
        LogManager manager = LogManager.getLogManager();
        if (System.getProperty("java.util.logging.config.file") == null) {
            try (InputStream lines = Logging.class.getResourceAsStream("/logging.properties")) {
                manager.readConfiguration(lines);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        if (manager instanceof LastingLogs lasting) {
            lasting.last();
        }
    }
}

package dev.headroom.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;

/**
 * Log lines on standard error, as logging.properties says.
 *
 * <p>The JDK's log manager closes its handlers in a shutdown hook, at the same time as ours stops the service: the lines
 * about how it went would be lost. This one keeps them open; the process ends in {@code halt} anyway.
 */
public final class Logging extends LogManager {
    private static volatile boolean configured;

    /** To be called before anything asks for a logger. */
    static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        System.setProperty("java.util.logging.manager", Logging.class.getName());
        try (InputStream lines = Logging.class.getResourceAsStream("/logging.properties")) {
            LogManager.getLogManager().readConfiguration(lines);
            configured = true;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void reset() {
        if (!configured) {
            super.reset();
        }
    }
}

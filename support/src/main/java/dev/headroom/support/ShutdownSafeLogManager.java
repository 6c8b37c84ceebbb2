package dev.headroom.support;

import java.util.logging.LogManager;

/**
 * A log manager that keeps its handlers open until the process has ended.
 *
 * <p>The JDK's own closes them in a shutdown hook, while the program's hook still stops its parts: the lines about how that
 * went would be lost. Set it as {@code java.util.logging.manager} before the first logger is made.
 */
public final class ShutdownSafeLogManager extends LogManager {

    private volatile boolean keepOpen;

    /** Ignores every later {@link #reset}, the one of the shutdown hook included. */
    public void keepOpen() {
        keepOpen = true;
    }

    @Override
    public void reset() {
        if (!keepOpen) {
            super.reset();
        }
    }
}

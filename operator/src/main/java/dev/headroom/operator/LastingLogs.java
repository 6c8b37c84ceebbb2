package dev.headroom.operator;

import java.util.logging.LogManager;

/**
 * Keeps logging until the process is gone: the JDK's log manager closes its handlers in a shutdown hook, at the same time
 * as ours stops the operator, and the lines about how that went would be lost.
 */
public final class LastingLogs extends LogManager {

    private volatile boolean lasting;

    void last() {
        lasting = true;
    }

    @Override
    public void reset() {
        if (!lasting) {
            super.reset();
        }
    }
}

package dev.headroom.service.logging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Lines of one kind, so many of each level in ten seconds, and then how many there were beyond. */
public final class BoundedLog implements AutoCloseable {
    private final System.Logger log;
    private final int most;
    private final String what;
    private final String setting;
    private final Map<System.Logger.Level, LineBudget> budgets = new ConcurrentHashMap<>();

    /**
     * A log within a budget.
     *
     * @param what a line tells of, in the singular
     * @param setting where {@code most} comes from
     */
    public BoundedLog(System.Logger log, int most, String what, String setting) {
        this.log = log;
        this.most = most;
        this.what = what;
        this.setting = setting;
    }

    /** Made only where it is written. */
    public void write(System.Logger.Level level, Supplier<String> line) {
        if (budgets.computeIfAbsent(level, this::budget).spend()) {
            log.log(level, line);
        }
    }

    private LineBudget budget(System.Logger.Level level) {
        return new LineBudget(
                most,
                more -> log.log(
                        level,
                        () -> "%s left out of the log in the last %d s, beyond %s; the metrics count all"
                                .formatted(new Counted(more, what), LineBudget.SECONDS, setting)));
    }

    @Override
    public void close() {
        budgets.values().forEach(LineBudget::close);
    }
}

package dev.headroom.service.http.seen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * The slowest requests of the last minutes.
 *
 * <p>Two windows, the current and the one before: so there is always at least one whole window to look at, and what was
 * slow an hour ago does not hide what is slow now. The fast majority is turned away by one comparison.
 */
public final class SlowestRequests {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Comparator<SlowRequest> BY_TIME = Comparator.comparing(SlowRequest::took);

    private final int kept;
    private PriorityQueue<SlowRequest> current = new PriorityQueue<>(BY_TIME);
    private PriorityQueue<SlowRequest> before = new PriorityQueue<>(BY_TIME);
    private volatile long windowEnds;
    private volatile long fastest = -1;

    SlowestRequests(int kept, long now) {
        this.kept = kept;
        this.windowEnds = now + WINDOW.toNanos();
    }

    /** @param now as {@link System#nanoTime()} counts */
    void offer(long now, long nanos, Supplier<SlowRequest> request) {
        if (nanos > fastest || now - windowEnds > 0) {
            keep(now, request.get());
        }
    }

    private synchronized void keep(long now, SlowRequest request) {
        if (now - windowEnds > 0) {
            before = now - windowEnds > WINDOW.toNanos() ? new PriorityQueue<>(BY_TIME) : current;
            current = new PriorityQueue<>(BY_TIME);
            windowEnds = now + WINDOW.toNanos();
        }
        current.add(request);
        if (current.size() > kept) {
            current.remove();
        }
        fastest = current.size() < kept ? -1 : current.element().took().toNanos();
    }

    /** The slowest first. */
    public synchronized List<SlowRequest> slowest() {
        List<SlowRequest> all = new ArrayList<>(current);
        all.addAll(before);
        all.sort(BY_TIME.reversed());
        return List.copyOf(all.subList(0, Math.min(kept, all.size())));
    }
}

package dev.headroom.operator.capacity;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scrape of each pod at which the window being measured began. A page on which a series is missing that the same process told
 * before, such as a histogram whose buckets were read while they changed, is taken for a lost one: without its earlier value the next
 * page would count as everything since the process began.
 */
public final class ScrapeHistory {
    /** A series that stays away for longer does not come back, as far as one can tell. */
    private static final Duration LONGEST_ABSENCE = Duration.ofMinutes(2);

    private final Map<String, PodScrape> begin = new HashMap<>();

    /** The scrapes that can end the window. */
    public List<PodScrape> complete(Collection<PodScrape> scrapes) {
        return scrapes.stream().filter(this::isComplete).toList();
    }

    private boolean isComplete(PodScrape now) {
        PodScrape before = sameProcess(now);
        return before == null
                || now.hasSeriesOf(before)
                || now.at().isAfter(before.at().plus(LONGEST_ABSENCE));
    }

    /** Whether a pod's samples changed since the window began. */
    public boolean isNews(PodScrape now) {
        PodScrape before = begin.get(now.pod());
        return before == null || now.at().isAfter(before.at());
    }

    /**
     * What the pods did since the window began.
     *
     * @param scrapes complete ones, of pods that serve
     * @param servingPods pods that serve now, whether they answered or not
     */
    public ScrapeWindow window(List<PodScrape> scrapes, int servingPods) {
        return ScrapeWindow.between(begin, scrapes, servingPods);
    }

    /** Begins the next window at these complete scrapes; other pods' windows go on. */
    public void begin(List<PodScrape> scrapes) {
        for (PodScrape now : scrapes) {
            PodScrape before = sameProcess(now);
            begin.put(now.pod(), before == null ? now : now.withSeriesOf(before));
        }
    }

    /** Drops the pods that are gone. */
    public void retain(Set<String> pods) {
        begin.keySet().retainAll(pods);
    }

    private @Nullable PodScrape sameProcess(PodScrape now) {
        PodScrape before = begin.get(now.pod());
        // Not every process tells when it began, but its counters begin at 0.
        boolean restarted = before != null
                && now.cpuSeconds().orElse(Double.MAX_VALUE)
                        < before.cpuSeconds().orElse(0);
        return before != null && now.isOfProcess(before) && !restarted ? before : null;
    }
}

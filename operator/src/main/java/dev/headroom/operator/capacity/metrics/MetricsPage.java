package dev.headroom.operator.capacity.metrics;

import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One pod's page in Prometheus' text format, as far as capacity needs it. Families that are not asked for are skipped unread; a line
 * of ours that cannot be read makes the whole page unknown, because half of a sum is worse than none.
 *
 * @param poolSize what the pod's pool may hold now, in force
 * @param generation of the published pool size in force
 * @param outsidePool connections that the pod may hold beside its pool
 */
public record MetricsPage(PodScrape scrape, OptionalInt poolSize, OptionalLong generation, OptionalInt outsidePool) {

    private static final int BUFFER = 16 << 10;

    /** A page that cannot be used, with the line that shows why. */
    public static final class Unreadable extends Exception {
        Unreadable(String why) {
            super(why);
        }
    }

    /**
     * Reads a page as it comes: hundreds of pods answer at once, and their pages would not fit into memory together.
     *
     * @param largest bytes beyond which it is given up
     * @param pod its UID
     * @param at when the answer came
     */
    static MetricsPage of(InputStream page, int largest, Names names, String pod, Instant at)
            throws IOException, Unreadable {
        PageReader reader = new PageReader(names, at);
        byte[] buffer = new byte[BUFFER];
        int kept = 0; // of a line whose end has not come
        int total = 0;
        for (int read = page.read(buffer); read >= 0; read = page.read(buffer, kept, buffer.length - kept)) {
            total += read;
            if (total > largest) {
                throw new IOException("the page is larger than " + (largest >> 20) + " MiB");
            }
            int end = kept + read;
            int from = reader.lines(buffer, kept, end);
            kept = end - from;
            System.arraycopy(buffer, from, buffer, 0, kept);
            if (kept == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * kept);
            }
        }
        if (kept > 0 || total == 0) {
            throw new Unreadable(total == 0 ? "the page is empty" : "the page ends in the middle of a line");
        }
        return reader.page(pod);
    }

    /**
     * Reads a whole page.
     *
     * @param pod its UID
     * @param at when the answer came
     */
    public static MetricsPage of(String page, Names names, String pod, Instant at) throws Unreadable {
        if (!page.endsWith("\n")) {
            throw new Unreadable(page.isEmpty() ? "the page is empty" : "the page ends in the middle of a line");
        }
        PageReader reader = new PageReader(names, at);
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        reader.lines(bytes, 0, bytes.length);
        return reader.page(pod);
    }
}

package dev.headroom.service.catalog.schema;

import java.nio.file.Path;
import java.time.Instant;

/**
 * How much sample data.
 *
 * @param scale a factor of the rows that catalog.yaml gives for scale 1
 * @param seed the same seed, scale and end give the same rows
 * @param until the time of the newest rows
 * @param folder where the rows say that files lie
 */
public record SampleOptions(double scale, long seed, Instant until, Path folder) {
    private static final Path USUAL = Path.of("/srv/repos");
    private static final double LEAST = 0.0001;
    private static final double MOST = 100;

    public SampleOptions {
        if (!(scale >= LEAST && scale <= MOST)) {
            throw new IllegalArgumentException("the scale must be from " + LEAST + " to " + MOST + ", not " + scale);
        }
    }

    public SampleOptions(double scale, long seed, Instant until) {
        this(scale, seed, until, USUAL);
    }

    public SampleOptions in(Path newFolder) {
        return new SampleOptions(scale, seed, until, newFolder);
    }

    long rows(long atScaleOne) {
        return Math.max(1, Math.round(atScaleOne * scale));
    }
}

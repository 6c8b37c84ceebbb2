package dev.headroom.service.catalog.schema;

import java.time.Instant;

/**
 * How much sample data.
 *
 * @param scale a factor of the rows that catalog.yaml gives for scale 1
 * @param seed the same seed, scale and end give the same rows
 * @param until the time of the newest rows
 */
public record SampleOptions(double scale, long seed, Instant until) {
    private static final double LEAST = 0.0001;
    private static final double MOST = 100;

    public SampleOptions {
        if (!(scale >= LEAST && scale <= MOST)) {
            throw new IllegalArgumentException("the scale must be from " + LEAST + " to " + MOST + ", not " + scale);
        }
    }

    long rows(long atScaleOne) {
        return Math.max(1, Math.round(atScaleOne * scale));
    }
}

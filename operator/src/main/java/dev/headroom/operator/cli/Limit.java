package dev.headroom.operator.cli;

import dev.headroom.support.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A duration given on the command line. */
final class Limit {

    private Limit() {}

    static Duration of(@Nullable String text) {
        try {
            return text == null ? Duration.ofDays(1) : Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal("--timeout: " + e.getMessage());
        }
    }
}

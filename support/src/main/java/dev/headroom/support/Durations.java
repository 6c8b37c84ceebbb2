package dev.headroom.support;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in settings and resources: 250ms, 5s, 1h30m, 7d. */
public final class Durations {

    /**
     * The grammar without days, for fields that the API server's expressions compare: they know hours at most, and their
     * regular expressions no lookaheads.
     */
    public static final String PATTERN_WITHOUT_DAYS = "^([0-9]{1,6}(ms|s|m|h)){1,4}$";

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9}(ms|s|m|h|d)){1,5}");
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException with a message for the user when the text is not a duration
     */
    public static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a duration such as 500ms, 5s or 1h30m: " + text);
        }
        Duration sum = Duration.ZERO;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            long amount = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "d" -> Duration.ofDays(amount);
                        case "h" -> Duration.ofHours(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        default -> Duration.ofMillis(amount);
                    });
        }
        return sum;
    }

    /** The duration in the largest unit that leaves a whole number, to the millisecond; days only from two on. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes % 60 != 0) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours % 24 == 0 && hours > 24 ? hours / 24 + "d" : hours + "h";
    }
}

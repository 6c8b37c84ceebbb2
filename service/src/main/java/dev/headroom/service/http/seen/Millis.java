package dev.headroom.service.http.seen;

/** Milliseconds with two decimals, as the profile's headers and log lines write them; on every answer, so no Formatter. */
public final class Millis {
    private Millis() {}

    public static String format(long nanos) {
        long hundredths = (Math.max(0, nanos) + 5_000) / 10_000;
        long fraction = hundredths % 100;
        return hundredths / 100 + (fraction < 10 ? ".0" : ".") + fraction;
    }
}

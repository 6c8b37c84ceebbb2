package dev.headroom.operator.concern;

import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.Reason;

/**
 * A concern's answer in the form of a condition.
 *
 * @param truth True: all is as wanted. False: it is not, or not yet. Unknown: it could not be seen
 * @param reason in one word
 */
public record Verdict(Truth truth, Reason reason, String message) {

    public static Verdict yes(Reason reason, String message) {
        return new Verdict(Truth.TRUE, reason, message);
    }

    public static Verdict no(Reason reason, String message) {
        return new Verdict(Truth.FALSE, reason, message);
    }

    public static Verdict unknown(Reason reason, String message) {
        return new Verdict(Truth.UNKNOWN, reason, message);
    }
}

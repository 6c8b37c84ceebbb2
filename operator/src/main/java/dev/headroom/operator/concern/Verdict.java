package dev.headroom.operator.concern;

import dev.headroom.operator.crd.Condition.Truth;

/**
 * A concern's answer in the form of a condition.
 *
 * @param truth True: all is as wanted. False: it is not, or not yet. Unknown: it could not be seen
 * @param reason one CamelCase word that has its page docs/runbooks/{reason}.md
 */
public record Verdict(Truth truth, String reason, String message) {

    public static Verdict yes(String reason, String message) {
        return new Verdict(Truth.TRUE, reason, message);
    }

    public static Verdict no(String reason, String message) {
        return new Verdict(Truth.FALSE, reason, message);
    }

    public static Verdict unknown(String reason, String message) {
        return new Verdict(Truth.UNKNOWN, reason, message);
    }
}

package dev.headroom.operator.concern;

import dev.headroom.operator.crd.Reason;

/**
 * Something that happened once and that an operator of a cluster wants to see: an Event, or a line on the terminal.
 * The same notice again within the hour is counted, not repeated.
 *
 * @param reason one CamelCase word
 */
public record Notice(Severity severity, String reason, String message) {

    /** The two kinds of Event. */
    public enum Severity {
        NORMAL,
        WARNING
    }

    public static Notice normal(String reason, String message) {
        return new Notice(Severity.NORMAL, reason, message);
    }

    public static Notice normal(Reason reason, String message) {
        return normal(reason.toString(), message);
    }

    public static Notice warning(Reason reason, String message) {
        return warning(reason.toString(), message);
    }

    public static Notice warning(String reason, String message) {
        return new Notice(Severity.WARNING, reason, message);
    }
}

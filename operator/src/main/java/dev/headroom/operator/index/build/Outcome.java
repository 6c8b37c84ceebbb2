package dev.headroom.operator.index.build;

/** How a try at one index ended. */
public sealed interface Outcome {

    /** All its steps are done. */
    record Done() implements Outcome {}

    /** Nothing was begun, because this is in the way. */
    record Blocked(String by) implements Outcome {}

    /** It was tried, and this happened. */
    record Failed(Kind kind, String message) implements Outcome {}

    /** We were told to stop. */
    record Stopped() implements Outcome {}

    /** What a failure means for the next try. */
    enum Kind {
        /** Other transactions did not end in time; they will. */
        WAITED_TOO_LONG,
        /** Rows contradict a unique index; only other rows or another declaration help. */
        DUPLICATE_KEY,
        /** Our role may not; only a GRANT helps. */
        RIGHTS,
        /** No room, no memory, too many connections. */
        RESOURCES,
        /** The server went away. */
        CONNECTION,
        OTHER;

        /** True when trying again changes nothing until a person did something. */
        public boolean needsAPerson() {
            return this == DUPLICATE_KEY || this == RIGHTS;
        }
    }
}

package dev.headroom.operator.index.build;

import dev.headroom.operator.index.look.ServerMessage;
import java.sql.SQLException;

/** How a try at one index ended. */
public sealed interface Outcome {

    /** All its steps are done. */
    record Done() implements Outcome {}

    /** Nothing was begun, because this is in the way. */
    record Blocked(String by) implements Outcome {}

    /** It was tried, and this happened. */
    record Failed(Kind kind, String message) implements Outcome {
        /** Without a full stop: more is said behind it. */
        public Failed {
            message = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        }

        /** What an error of the server means, and what to do about it. */
        static Failed of(SQLException e) {
            String state = String.valueOf(e.getSQLState());
            String message = ServerMessage.withoutValues(e);
            return switch (state) {
                case "55P03" ->
                    new Failed(
                            Kind.WAITED_TOO_LONG,
                            message + ": other transactions did not end within build.lockTimeout");
                case "57014" ->
                    new Failed(
                            Kind.WAITED_TOO_LONG,
                            message
                                    + (message.contains("statement timeout")
                                            ? ": it took longer than build.statementTimeout allows"
                                            : ""));
                case "23505" ->
                    new Failed(
                            Kind.DUPLICATE_KEY,
                            message
                                    + " Remove the duplicates, or do not declare the index as unique; it is tried again as"
                                    + " soon as rows of the table were updated or deleted");
                case "42501" -> new Failed(Kind.RIGHTS, message);
                default -> new Failed(byClass(state), message);
            };
        }

        private static Kind byClass(String state) {
            if (state.startsWith("53") || state.startsWith("58")) {
                return Kind.RESOURCES;
            }
            boolean gone = isConnectionLost(state) || state.startsWith("28");
            return gone ? Kind.CONNECTION : Kind.OTHER;
        }
    }

    static boolean isConnectionLost(SQLException e) {
        return isConnectionLost(String.valueOf(e.getSQLState()));
    }

    private static boolean isConnectionLost(String state) {
        return state.startsWith("08") || state.startsWith("57P");
    }

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

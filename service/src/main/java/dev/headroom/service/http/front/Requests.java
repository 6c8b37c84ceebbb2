package dev.headroom.service.http.front;

import io.helidon.webserver.ConnectionContext;
import java.util.Optional;
import java.util.function.Supplier;

/** What a handler tells of the request that it answers, and asks about it; none of it means anything on another port. */
public final class Requests {
    private Requests() {}

    /** A first line was read. */
    public static void began(ConnectionContext connection) {
        if (connection instanceof Conversation conversation) {
            conversation.requestBegan();
        }
    }

    /** The request of this thread, which has no body, is answered: whatever comes next is another one. */
    public static void ended() {
        Conversation conversation = Conversation.current();
        if (conversation != null) {
            conversation.requestEnded();
        }
    }

    /** The bytes of the request of this thread, if they came alone and at once. */
    public static Optional<Head> asked() {
        Conversation conversation = Conversation.current();
        return conversation == null ? Optional.empty() : conversation.asked();
    }

    /** Computes the answer to the request of this thread, and has the other thing done if its client leaves meanwhile. */
    public static <T> T answer(Supplier<T> computing, Runnable ifClientLeaves) {
        Conversation conversation = Conversation.current();
        if (conversation == null) {
            return computing.get();
        }
        conversation.whenClientLeaves(ifClientLeaves);
        try {
            return computing.get();
        } finally {
            conversation.clientMayLeave();
        }
    }
}

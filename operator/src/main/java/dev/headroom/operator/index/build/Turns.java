package dev.headroom.operator.index.build;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One build at a time on one database, in the order in which they were asked for. */
public final class Turns {
    /** By database; the first of each queue has its turn. */
    private final Map<String, Deque<Turn>> queues = new HashMap<>();

    /** Waits for it. Empty when asked to stop first. */
    Optional<Turn> take(String database, Stop stop) throws InterruptedException {
        Turn turn = new Turn(database, stop.part());
        enqueue(turn);
        try {
            turn.waiting.awaitAsked();
        } catch (InterruptedException e) {
            turn.close();
            throw e;
        }
        if (stop.isAsked()) {
            turn.close();
            return Optional.empty();
        }
        return Optional.of(turn);
    }

    private synchronized void enqueue(Turn turn) {
        Deque<Turn> queue = queues.computeIfAbsent(turn.database, name -> new ArrayDeque<>());
        queue.addLast(turn);
        queue.getFirst().waiting.ask();
    }

    private synchronized void leave(Turn turn) {
        Deque<Turn> queue = queues.getOrDefault(turn.database, new ArrayDeque<>());
        queue.remove(turn);
        if (queue.isEmpty()) {
            queues.remove(turn.database);
        } else {
            queue.getFirst().waiting.ask();
        }
    }

    /** A place in the queue of a database, until it is closed. */
    final class Turn implements AutoCloseable {
        private final String database;
        /** Ends when it is this one's turn, or with the work that waits. */
        private final Stop waiting;

        private Turn(String database, Stop waiting) {
            this.database = database;
            this.waiting = waiting;
        }

        @Override
        public void close() {
            waiting.close();
            leave(this);
        }
    }
}

package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One build at a time on one database, in the order in which they were asked for. */
public final class WorkQueue {
    /** By database; the first of each queue has its turn. */
    private final Map<String, Deque<Turn>> queues = new HashMap<>();
    /** The sessions that the last turn left for the next one; none where nobody waits. */
    private final Map<String, ControlSession> left = new HashMap<>();

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

    /** Whether anybody works on this database or waits to. */
    synchronized boolean isBusy(String database) {
        return queues.containsKey(database);
    }

    private synchronized void enqueue(Turn turn) {
        Deque<Turn> queue = queues.computeIfAbsent(turn.database, name -> new ArrayDeque<>());
        queue.addLast(turn);
        queue.getFirst().waiting.ask();
    }

    private void leave(Turn turn) {
        ControlSession unused = next(turn);
        if (unused != null) {
            unused.close();
        }
    }

    private synchronized @Nullable ControlSession next(Turn turn) {
        Deque<Turn> queue = queues.getOrDefault(turn.database, new ArrayDeque<>());
        queue.remove(turn);
        if (queue.isEmpty()) {
            queues.remove(turn.database);
            return left.remove(turn.database);
        }
        queue.getFirst().waiting.ask();
        return null;
    }

    private synchronized @Nullable ControlSession takeLeft(String database) {
        return left.remove(database);
    }

    private synchronized void leaveForNext(String database, ControlSession sessions) {
        left.put(database, sessions);
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

        /** Those of the turn before where they can be used, else new ones. */
        ControlSession sessions(DatabaseAccess access) throws SQLException {
            ControlSession former = takeLeft(database);
            if (former != null && former.serves(access)) {
                return former;
            }
            if (former != null) {
                former.close();
            }
            return ControlSession.open(access);
        }

        /** They are closed with the last turn. */
        void giveBack(ControlSession sessions) {
            leaveForNext(database, sessions);
        }

        @Override
        public void close() {
            waiting.close();
            leave(this);
        }
    }
}

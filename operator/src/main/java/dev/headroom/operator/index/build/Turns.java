package dev.headroom.operator.index.build;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** One build at a time on one database, in the order in which they were asked for. */
public final class Turns {
    private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();

    /** Waits for it. Release the answer when done. */
    Semaphore take(String database) throws InterruptedException {
        Semaphore turn = turns.computeIfAbsent(database, name -> new Semaphore(1, true));
        turn.acquire();
        return turn;
    }
}

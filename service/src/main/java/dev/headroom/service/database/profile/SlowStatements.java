package dev.headroom.service.database.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The slow statements of late: a ring, so that yesterday's slowest does not hide today's. */
public final class SlowStatements {

    private final SlowStatement[] ring;
    private int next;

    SlowStatements(int capacity) {
        ring = new SlowStatement[capacity];
    }

    synchronized void add(SlowStatement statement) {
        ring[next++ % ring.length] = statement;
    }

    /** The slowest of the last ones first. */
    public synchronized List<SlowStatement> slowest(int most) {
        List<SlowStatement> all = new ArrayList<>();
        for (SlowStatement statement : ring) {
            if (statement != null) {
                all.add(statement);
            }
        }
        all.sort(Comparator.comparing(SlowStatement::took).reversed());
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }
}

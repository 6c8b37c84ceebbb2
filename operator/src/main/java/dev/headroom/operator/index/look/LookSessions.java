package dev.headroom.operator.index.look;

import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of looks: one of each database, used by one look after the other and closed when none waits for it. Looks that
 * wait for the same catalog share one read, which begins after all of them asked, so each gets what a read of its own would have
 * given it (decision 0146). Of a database that is looked at more than once a minute, only what changed is read again (decision
 * 0147).
 */
public final class LookSessions {
    /** By database and role, role@host:port/name. */
    private final Map<String, Line> lines = new HashMap<>();
    /** The reads that have not begun. */
    private final Map<Place, Read> reads = new HashMap<>();

    /** What was read within the last minute. */
    private final Map<Place, Recent> recent = new HashMap<>();

    /** An object that an index mentions may be renamed without a trace on the index: its definition is read once a minute. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** @param catalog as the last look found it; null before the second one: a database at rest costs no memory */
    private record Recent(Instant readAt, @Nullable Catalog catalog) {}

    private record Place(String database, Set<String> schemas) {}

    private static final class Read {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Catalog catalog;
    }

    /** Those who use the session of a database or wait for it. */
    private static final class Line {
        private final ReentrantLock turn = new ReentrantLock(true);
        private int length;
        private @Nullable Connection session;

        void ask(DatabaseAccess database, Sessions.Questions questions) throws SQLException {
            boolean sound = false;
            try {
                if (session == null) {
                    session = database.open("look");
                    Session.forManyLooks(session);
                }
                questions.ask(session);
                sound = true;
            } finally {
                if (!sound) {
                    close();
                }
            }
        }

        void close() throws SQLException {
            if (session != null) {
                session.close();
                session = null;
            }
        }
    }

    public Sessions of(DatabaseAccess database) {
        return questions -> use(database, questions);
    }

    /** A catalog as it is now. */
    Catalog read(DatabaseAccess database, Set<String> schemas) throws SQLException {
        Place place = new Place(database.toString(), schemas);
        Read own = new Read();
        Read shared;
        synchronized (reads) {
            shared = reads.putIfAbsent(place, own);
        }
        Catalog found = shared == null ? null : awaitEnd(shared);
        return found == null ? read(database, place, own) : found;
    }

    private Catalog read(DatabaseAccess database, Place place, Read own) throws SQLException {
        List<Catalog> read = new ArrayList<>(1);
        try {
            use(database, session -> {
                begin(place, own);
                read.add(read(session, place));
            });
            own.catalog = read.getFirst();
            return read.getFirst();
        } finally {
            begin(place, own);
            own.ended.countDown();
        }
    }

    private Catalog read(Connection session, Place place) throws SQLException {
        Instant now = Instant.now();
        Recent before;
        synchronized (recent) {
            recent.values().removeIf(each -> now.isAfter(each.readAt().plus(REMEMBERED)));
            before = recent.get(place);
        }
        Catalog known = before == null ? null : before.catalog();
        Catalog catalog = known == null ? Catalog.read(session, place.schemas()) : known.again(session);
        synchronized (recent) {
            recent.put(
                    place,
                    before == null
                            ? new Recent(now, null)
                            : new Recent(known == null ? now : before.readAt(), catalog));
        }
        return catalog;
    }

    /** From now on no other look joins it. */
    private void begin(Place place, Read read) {
        synchronized (reads) {
            reads.remove(place, read);
        }
    }

    /** Null when it failed: what it failed of, such as a password of its own, may not concern who shares it. */
    private static @Nullable Catalog awaitEnd(Read read) throws SQLException {
        try {
            read.ended.await();
            return read.catalog;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static SQLException interrupted() {
        Thread.currentThread().interrupt();
        return new SQLException("interrupted while waiting for the session of another look", "57014");
    }

    private void use(DatabaseAccess database, Sessions.Questions questions) throws SQLException {
        Line line;
        synchronized (lines) {
            line = lines.computeIfAbsent(database.toString(), each -> new Line());
            line.length++;
        }
        try {
            line.turn.lockInterruptibly();
            try {
                line.ask(database, questions);
            } finally {
                line.turn.unlock();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            leave(database.toString(), line);
        }
    }

    private void leave(String database, Line line) throws SQLException {
        synchronized (lines) {
            line.length--;
            if (line.length > 0) {
                return;
            }
            lines.remove(database);
        }
        line.close();
    }

    /** Where the server is asked: on a session that is open anyway, or on one that is open only while it is asked. */
    public interface Sessions {

        void use(Questions questions) throws SQLException;

        /** What is asked, one statement after the other. */
        interface Questions {
            void ask(Connection session) throws SQLException;
        }

        static Sessions of(Connection open) {
            return questions -> questions.ask(open);
        }
    }
}

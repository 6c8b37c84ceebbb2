package dev.headroom.operator.index;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A way to the database whose connections can all be torn at once, as when the process at this end is killed. */
final class FragileAccess implements DatabaseAccess {
    private final DatabaseAccess sound;
    private final Queue<Connection> open = new ConcurrentLinkedQueue<>();
    private volatile boolean torn;

    FragileAccess(DatabaseAccess sound) {
        this.sound = sound;
    }

    /** Nothing is said to the server: its sessions go on until they want to say something. */
    void tear() throws SQLException {
        torn = true;
        for (Connection connection : open) {
            connection.abort(Runnable::run);
        }
    }

    @Override
    public DatabaseSpec spec() {
        return sound.spec();
    }

    @Override
    public Connection open(String purpose) throws SQLException {
        if (torn) {
            throw new SQLException("torn", "08006");
        }
        Connection connection = sound.open(purpose);
        open.add(connection);
        return connection;
    }

    @Override
    public Connection openForWork(String purpose) throws SQLException {
        return open(purpose);
    }
}

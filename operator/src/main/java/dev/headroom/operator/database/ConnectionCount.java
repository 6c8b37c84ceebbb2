package dev.headroom.operator.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many sessions of ours are open on all databases together, were opened, and could not be. */
public final class ConnectionCount {

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Counter opened;
    private final Counter failed;

    public ConnectionCount(MeterRegistry metrics) {
        opened = Counter.builder("headroom.database.connections.opened")
                .description("Sessions opened on databases.")
                .register(metrics);
        failed = Counter.builder("headroom.database.connection.failures")
                .description("Sessions that could not be opened.")
                .register(metrics);
        Gauge.builder("headroom.database.connections", this::countOpen)
                .description("Sessions open on databases now.")
                .register(metrics);
    }

    private int countOpen() {
        open.removeIf(ConnectionCount::isClosed);
        return open.size();
    }

    /** The driver knows it without asking the server. */
    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Opens a session. */
    interface Opening {
        Connection open() throws SQLException;
    }

    Connection counted(Opening opening) throws SQLException {
        try {
            Connection connection = opening.open();
            opened.increment();
            open.removeIf(ConnectionCount::isClosed); // nobody may ever read the gauge
            open.add(connection);
            return connection;
        } catch (SQLException e) {
            failed.increment();
            throw e;
        }
    }
}

package dev.headroom.operator.database;

import dev.headroom.operator.metrics.Counter;
import dev.headroom.operator.metrics.Meters;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions of ours are open on all databases together, were opened, and could not be. */
public final class ConnectionCount {

    private final AtomicInteger open = new AtomicInteger();
    private final Counter opened;
    private final Counter failed;

    public ConnectionCount(Meters meters) {
        opened = meters.counter("headroom_database_connections_opened_total", "Sessions opened on databases.");
        failed = meters.counter("headroom_database_connection_failures_total", "Sessions that could not be opened.");
        meters.gauge("headroom_database_connections", "Sessions open on databases now.", open::get);
    }

    public int open() {
        return open.get();
    }

    Connection counted(Opening opening) throws SQLException {
        Connection connection;
        try {
            connection = opening.open();
        } catch (SQLException e) {
            failed.add(1);
            throw e;
        }
        opened.add(1);
        open.incrementAndGet();
        return closingCounted(connection);
    }

    /** Everything goes through to the connection; its first close or abort is counted. */
    private Connection closingCounted(Connection connection) {
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    boolean ends =
                            method.getName().equals("close") || method.getName().equals("abort");
                    if (ends && closed.compareAndSet(false, true)) {
                        open.decrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Opens a session. */
    interface Opening {
        Connection open() throws SQLException;
    }
}

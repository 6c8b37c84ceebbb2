package dev.headroom.operator.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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

    public ConnectionCount(MeterRegistry metrics) {
        opened = Counter.builder("headroom.database.connections.opened")
                .description("Sessions opened on databases.")
                .register(metrics);
        failed = Counter.builder("headroom.database.connection.failures")
                .description("Sessions that could not be opened.")
                .register(metrics);
        Gauge.builder("headroom.database.connections", open::get)
                .description("Sessions open on databases now.")
                .register(metrics);
    }

    public int open() {
        return open.get();
    }

    Connection counted(Opening opening) throws SQLException {
        Connection connection;
        try {
            connection = opening.open();
        } catch (SQLException e) {
            failed.increment();
            throw e;
        }
        opened.increment();
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

package dev.headroom.operator.index;

import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An application that reads in short SERIALIZABLE transactions, of which at least one is open at any time. */
final class SerializableReaders implements AutoCloseable {
    private static final int CLIENTS = 3;

    private final TestPostgres.Database database;
    private final String query;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    private SerializableReaders(TestPostgres.Database database, String query) {
        this.database = database;
        this.query = query;
    }

    static SerializableReaders on(TestPostgres.Database database, String query) {
        SerializableReaders readers = new SerializableReaders(database, query);
        for (int i = 0; i < CLIENTS; i++) {
            readers.clients.add(Thread.ofVirtual().start(readers::read));
        }
        return readers;
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    private void read() {
        try (Connection connection = database.connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            while (!over) {
                Sqls.run(connection, query, "select pg_sleep(0.15)");
                connection.commit();
            }
        } catch (SQLException e) {
            failures.add(e.getMessage());
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

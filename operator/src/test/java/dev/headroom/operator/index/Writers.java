package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Someone who writes to the table all the while. The server itself says whether a write had to wait a second for a lock:
 * its lock_timeout is one second, which a busy machine does not disturb as it would a stopwatch.
 */
final class Writers implements AutoCloseable {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final TestPostgres.Database database;
    private final AtomicInteger written = new AtomicInteger();
    private final Queue<String> waited = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean over;

    private Writers(TestPostgres.Database database) {
        this.database = database;
        this.thread = Thread.ofVirtual().start(this::write);
    }

    static Writers on(TestPostgres.Database database) throws SQLException {
        Writers writers = new Writers(database);
        await().until(() -> writers.written.get() > 0);
        return writers;
    }

    private void write() {
        while (!over) {
            try (Connection connection = database.connect()) {
                Sqls.run(connection, "set lock_timeout = '1s'");
                write(connection);
            } catch (SQLException e) {
                if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    waited.add(e.getMessage());
                }
                Thread.onSpinWait();
            }
        }
    }

    private void write(Connection connection) throws SQLException {
        String sql = "insert into tasks (id, status, n) values (?, 'w', ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            while (!over) {
                int n = 1_000_000 + written.get();
                insert.setInt(1, n);
                insert.setInt(2, n);
                insert.executeUpdate();
                written.incrementAndGet();
            }
        }
    }

    /** No acknowledged write is lost, and none waited a second. */
    @Override
    public void close() throws SQLException {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(waited).as("writes that waited longer than a second").isEmpty();
        int found = Integer.parseInt(Sqls.column(database, "select count(*) from tasks where id >= 1000000")
                .getFirst());
        assertThat(found).as("rows of %s acknowledged writes", written).isBetween(written.get(), written.get() + 1);
    }
}

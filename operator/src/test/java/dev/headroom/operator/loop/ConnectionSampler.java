package dev.headroom.operator.loop;

import dev.headroom.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts the sessions of a server ten times a second, on a session of its own that is not counted. */
final class ConnectionSampler implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final String SESSIONS = """
            select count(*) filter (where client_addr <<= inet '127.1.0.0/16') as pods,
                   count(*) filter (where not client_addr <<= inet '127.1.0.0/16') as others
              from pg_stat_activity
             where backend_type = 'client backend' and pid <> pg_backend_pid()
            """;

    /**
     * Sessions at one moment.
     *
     * @param pods of the pods, by their addresses
     * @param others of everybody else, such as the operator
     */
    record Sessions(int pods, int others) {
        int all() {
            return pods + others;
        }
    }

    private final Connection connection;
    private final PreparedStatement statement;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("connection-sampler").factory());
    private Sessions latest = new Sessions(0, 0);
    private int mostOfPods;
    private int mostOfAll;
    private int samples;
    private @Nullable SQLException failure;

    ConnectionSampler(PostgresServer server) throws SQLException {
        connection = server.connect("postgres");
        statement = connection.prepareStatement(SESSIONS);
        Future<?> _ = looks.scheduleAtFixedRate(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            latest = new Sessions(row.getInt("pods"), row.getInt("others"));
            mostOfPods = Math.max(mostOfPods, latest.pods);
            mostOfAll = Math.max(mostOfAll, latest.all());
            samples++;
        } catch (SQLException e) {
            failure = e;
        }
    }

    synchronized Sessions latest() throws SQLException {
        check();
        return latest;
    }

    synchronized int mostOfPods() throws SQLException {
        check();
        return mostOfPods;
    }

    synchronized int mostOfAll() throws SQLException {
        check();
        return mostOfAll;
    }

    synchronized int samples() {
        return samples;
    }

    private void check() throws SQLException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws SQLException {
        looks.close();
        connection.close();
    }
}

package dev.headroom.service.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A real database and a Database on it, with small timeouts so that a failure shows soon. */
public record TestDatabase(TestPostgres.Database server, Database database) implements AutoCloseable {

    public static TestDatabase open() {
        return open(settings -> settings);
    }

    public static TestDatabase open(UnaryOperator<DatabaseSettings> change) {
        return on(TestPostgres.database(), change);
    }

    public static TestDatabase on(PostgresServer server, UnaryOperator<DatabaseSettings> change) {
        return on(server.database(), change);
    }

    public static TestDatabase on(TestPostgres.Database server, UnaryOperator<DatabaseSettings> change) {
        return new TestDatabase(server, new Database(change.apply(settings(server))));
    }

    public static DatabaseSettings settings(TestPostgres.Database server) {
        return DatabaseSettings.of(server.jdbcUrl(), server.user(), server.password())
                .withPool(PoolSettings.defaults()
                        .withSize(new PoolSize(3, 1))
                        .withQueueTimeout(Duration.ofSeconds(1))
                        .withAcquireTimeout(Duration.ofSeconds(1)));
    }

    public String list(String sql, Param... params) {
        return new String(database.list(Query.of("test", sql, params)), UTF_8);
    }

    /** What one statement tells, past the pool. */
    public String ask(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public int active() {
        return database.pool().gauges().active();
    }

    @Override
    public void close() {
        database.close();
        server.close();
    }
}

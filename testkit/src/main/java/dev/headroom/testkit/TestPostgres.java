package dev.headroom.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** PostgreSQL for tests: databases of one server shared by the whole JVM, and servers of their own to be hurt. */
public final class TestPostgres {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestPostgres() {}

    /** A fresh, empty database on the server of this JVM; isolated from all others, dropped on close. */
    public static Database database() {
        return shared().database();
    }

    /** A copy of a prepared database: as fresh as an empty one, but with its tables and rows. */
    public static Database database(PostgresTemplate template) {
        return Database.create(shared(), template.nameOn(shared()));
    }

    /** The server of this JVM, started at the first call; do not hurt it, others use it. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** A server of its own, for tests that restart, freeze or kill it. */
    public static PostgresServer server() {
        return server(PostgresOptions.defaults());
    }

    public static PostgresServer server(PostgresOptions options) {
        return EmbeddedPostgres.temporary(options);
    }

    private static final class Shared {
        static final PostgresServer SERVER = EmbeddedPostgres.temporary(PostgresOptions.defaults());
    }

    /** A database of one test. */
    public record Database(PostgresServer server, String name) implements AutoCloseable {

        static Database create(PostgresServer server, String template) {
            // The pid tells databases of two JVMs apart on a server that both use.
            String name = "test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
            execute(server, "CREATE DATABASE " + name + " TEMPLATE " + template + " ENCODING 'UTF8' LOCALE 'C'");
            return new Database(server, name);
        }

        static void execute(PostgresServer server, String sql) {
            try (Connection connection =
                            DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), server.password());
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql + ": " + e.getMessage(), e);
            }
        }

        public String jdbcUrl() {
            return server.jdbcUrl(name);
        }

        public String host() {
            return server.host();
        }

        public int port() {
            return server.port();
        }

        public String user() {
            return server.user();
        }

        public String password() {
            return server.password();
        }

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(jdbcUrl(), user(), password());
        }

        /** Drops it, whoever is still connected. */
        @Override
        public void close() {
            execute(server, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
    }
}

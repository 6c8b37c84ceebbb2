package dev.headroom.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** PostgreSQL for tests: databases of one server shared by the whole JVM, and servers of their own to be hurt. */
public final class TestPostgres {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static @Nullable PostgresServer shared;

    private TestPostgres() {}

    /** A fresh, empty database on the server of this JVM; isolated from all others, dropped on close. */
    public static Database database() {
        return shared().database();
    }

    /** The server of this JVM, started at the first call; do not hurt it, others use it. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = Backend.chosen() == Backend.EXTERNAL
                    ? ExternalPostgres.from(System.getenv())
                    : server(PostgresOptions.defaults());
        }
        return shared;
    }

    /** A server of its own, for tests that restart, freeze or kill it. */
    public static PostgresServer server() {
        return server(PostgresOptions.defaults());
    }

    public static PostgresServer server(PostgresOptions options) {
        return switch (Backend.chosen()) {
            case EMBEDDED -> EmbeddedPostgres.temporary(options);
            case CONTAINERS -> ContainerServer.postgres(options);
            case EXTERNAL -> throw TestServer.NOT_OURS.get();
        };
    }

    /**
     * A hot standby that streams from this server, made of a copy of its files, for which the primary is stopped for a
     * moment. {@link PostgresServer#promote} makes it a primary.
     */
    public static PostgresServer standbyOf(PostgresServer primary) {
        if (primary instanceof EmbeddedPostgres embedded) {
            return embedded.standby();
        }
        throw Skipped.because("a standby is made of the files of its primary", "TEST_BACKEND=embedded");
    }

    /** A database of one test. */
    public record Database(PostgresServer server, String name) implements AutoCloseable {

        static Database create(PostgresServer server) {
            // The pid tells databases of two JVMs apart on a server that both use.
            String name = "test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
            try (Connection connection = server.connect("postgres");
                    Statement statement = connection.createStatement()) {
                // Without fsync copying files beats writing them through the log, which servers from 15 on would do.
                String strategy = connection.getMetaData().getDatabaseMajorVersion() >= 15 ? " STRATEGY FILE_COPY" : "";
                statement.execute(
                        "CREATE DATABASE " + name + " TEMPLATE template0" + strategy + " ENCODING 'UTF8' LOCALE 'C'");
            } catch (SQLException e) {
                throw new IllegalStateException("cannot create the database " + name + ": " + e.getMessage(), e);
            }
            return new Database(server, name);
        }

        /** Creates an extension, or skips the test where the server does not have it. */
        public Database with(String extension) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS " + extension);
                return this;
            } catch (SQLException e) {
                throw Skipped.because(
                        "this PostgreSQL does not have the extension " + extension + " (" + e.getMessage() + ")",
                        "a server that has it: TEST_BACKEND=external TEST_POSTGRES_URL=… (Debian: apt install"
                                + " postgresql-NN-" + extension + ")");
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
            server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
    }
}

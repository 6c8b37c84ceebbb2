package dev.headroom.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A database prepared once per JVM (migrated, filled with sample data) and then copied for each test that wants it, which
 * takes a copy of its files however long the preparation took. Keep it in a static field.
 */
public final class PostgresTemplate {

    /** Creates tables and rows. Its connections must be closed when it returns. */
    @FunctionalInterface
    public interface Preparation {
        void apply(TestPostgres.Database database) throws Exception;
    }

    private final Preparation preparation;
    private final Map<PostgresServer, String> prepared = new ConcurrentHashMap<>();

    public PostgresTemplate(Preparation preparation) {
        this.preparation = preparation;
    }

    String nameOn(PostgresServer server) {
        return prepared.computeIfAbsent(server, this::prepare);
    }

    private String prepare(PostgresServer server) {
        TestPostgres.Database database = server.database();
        try {
            preparation.apply(database);
        } catch (Exception e) {
            database.close();
            throw new IllegalStateException("the template could not be prepared: " + e.getMessage(), e);
        }
        // A database that someone is connected to cannot be copied.
        server.execute("ALTER DATABASE " + database.name() + " ALLOW_CONNECTIONS false");
        if (server instanceof ExternalPostgres) { // all others end with us
            Runtime.getRuntime().addShutdownHook(new Thread(database::close));
        }
        return database.name();
    }
}

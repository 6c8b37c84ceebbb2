package dev.headroom.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL from the official image, of any version: {@code TEST_POSTGRES_IMAGE=postgres:14-alpine}. */
record ContainerPostgres(Container container, String password) implements PostgresServer, ContainerServer {

    private static final int PORT = 5432;

    static ContainerPostgres start(PostgresOptions options) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        options.settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        String image = Container.image("TEST_POSTGRES_IMAGE", "postgres:18-alpine");
        // The image starts it once to run its scripts, and then for good.
        String ready = "database system is ready to accept connections";
        return new ContainerPostgres(
                new Container(image, PORT, options.password(), command, ready, 2), options.password());
    }

    @Override
    public String user() {
        return "postgres";
    }

    @Override
    public boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }
}

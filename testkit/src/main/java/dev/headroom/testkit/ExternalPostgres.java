package dev.headroom.testkit;

import java.net.URI;
import java.util.Map;

/** A PostgreSQL that somebody else runs, given by {@code TEST_POSTGRES_URL}. Databases are created on it; it is not hurt. */
record ExternalPostgres(String host, int port, String user, String password) implements PostgresServer {

    static ExternalPostgres from(Map<String, String> environment) {
        String url = environment.getOrDefault("TEST_POSTGRES_URL", "");
        URI address = URI.create(url);
        String credentials = address.getUserInfo();
        if (!"postgresql".equals(address.getScheme()) || address.getPort() < 0 || credentials == null) {
            throw new IllegalStateException(
                    "TEST_BACKEND=external needs a PostgreSQL's address, a superuser's name and the"
                            + " password, as in TEST_POSTGRES_URL=postgresql://postgres:password@localhost:5432"
                            + (url.isEmpty() ? "" : "; this is not one: " + url));
        }
        String[] userAndPassword = credentials.split(":", 2);
        return new ExternalPostgres(
                address.getHost(),
                address.getPort(),
                userAndPassword[0],
                userAndPassword.length == 2 ? userAndPassword[1] : "");
    }
}

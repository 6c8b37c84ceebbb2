package dev.headroom.operator.database;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.crd.DatabaseSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The real way: pgjdbc, with the limits of {@link ConnectionLimits} and every connection counted. */
public final class PostgresAccess implements DatabaseAccess {

    private final DatabaseSpec spec;
    private final Credentials credentials;
    private final @Nullable String trustedPem;
    private final ConnectionCount count;

    /**
     * @param spec with its place known ({@link DatabaseSecret#complete})
     * @param trustedPem the certificates to trust; null for those that Java trusts
     */
    public PostgresAccess(
            DatabaseSpec spec, Credentials credentials, @Nullable String trustedPem, ConnectionCount count) {
        this.spec = spec;
        this.credentials = credentials;
        this.trustedPem = trustedPem;
        this.count = count;
    }

    @Override
    public DatabaseSpec spec() {
        return spec;
    }

    @Override
    public Connection open(String purpose) throws SQLException {
        return connect(purpose, ConnectionLimits.LOOK);
    }

    @Override
    public Connection openForWork(String purpose) throws SQLException {
        return connect(purpose, ConnectionLimits.WORK);
    }

    private Connection connect(String purpose, ConnectionLimits limits) throws SQLException {
        Properties properties = limits.properties(purpose);
        properties.setProperty("user", credentials.user());
        properties.setProperty("password", credentials.password());
        Tls.into(properties, spec.tls().mode(), trustedPem);
        return count.counted(() -> DriverManager.getConnection(url(), properties));
    }

    /** Where to, and nothing else: this may be logged. */
    private String url() {
        String given = requireNonNull(spec.host());
        String host = given.contains(":") ? "[" + given + "]" : given;
        return "jdbc:postgresql://" + host + ":" + spec.port() + "/"
                + java.net.URLEncoder.encode(requireNonNull(spec.name()), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return credentials.user() + "@" + spec.identity();
    }
}

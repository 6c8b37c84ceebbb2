package dev.headroom.operator.database;

import dev.headroom.operator.crd.DatabaseSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One database, resolved: where, as whom, how protected. Every connection is a new one (there is no pool: a session is
 * opened for a look and closed after it, a build has one of its own) and is counted.
 */
public final class DatabaseAccess {

    private final DatabaseSpec spec;
    private final Credentials credentials;
    private final @Nullable String trustedPem;
    private final ConnectionCount count;

    /** @param trustedPem the certificates to trust; null for those that Java trusts */
    public DatabaseAccess(
            DatabaseSpec spec, Credentials credentials, @Nullable String trustedPem, ConnectionCount count) {
        this.spec = spec;
        this.credentials = credentials;
        this.trustedPem = trustedPem;
        this.count = count;
    }

    public DatabaseSpec spec() {
        return spec;
    }

    public String user() {
        return credentials.user();
    }

    /**
     * A new session for a look: it ends within seconds, whatever the server or the network does. {@code purpose} stands
     * in its application_name, so that a DBA sees what it is for.
     */
    public Connection open(String purpose) throws SQLException {
        return connect(purpose, ConnectionLimits.LOOK);
    }

    /** A new session for work that may take hours; it sets its own statement limits. */
    public Connection openForWork(String purpose) throws SQLException {
        return connect(purpose, ConnectionLimits.WORK);
    }

    /** Sessions for work as a DataSource, for libraries that want one. */
    public DataSource dataSource(String purpose) {
        return new WorkDataSource(this, purpose);
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
        String host = spec.host().contains(":") ? "[" + spec.host() + "]" : spec.host();
        return "jdbc:postgresql://" + host + ":" + spec.port() + "/"
                + java.net.URLEncoder.encode(spec.name(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return credentials.user() + "@" + spec.identity();
    }
}

package dev.headroom.operator.index;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The way to a database of a test, as a role of the test's choice. */
record DirectAccess(String url, String host, int port, String name, String user, String password, List<String> schemas)
        implements DatabaseAccess {

    @Override
    public DatabaseSpec spec() {
        return new DatabaseSpec(
                host,
                port,
                name,
                schemas,
                new CredentialsSecret("db", "username", "password"),
                new TlsSpec(TlsSpec.TlsMode.DISABLE, null));
    }

    @Override
    public Connection open(String purpose) throws SQLException {
        return openForWork(purpose);
    }

    @Override
    public Connection openForWork(String purpose) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        source.setApplicationName("headroom " + purpose);
        source.setConnectTimeout(5);
        source.setTcpKeepAlive(true);
        return source.getConnection();
    }
}

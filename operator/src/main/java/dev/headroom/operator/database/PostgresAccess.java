package dev.headroom.operator.database;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.crd.DatabaseSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.NonValidatingFactory;
import org.postgresql.ssl.WrappedFactory;

/**
 * The real way to a database: pgjdbc, with limits, TLS and every connection counted.
 *
 * <p>A look answers within seconds or fails, because it runs on a reconcile thread. A build is silent for hours: only TCP
 * keepalives, sent by both ends, tell whether the other one is there. A way that is gone without a word is noticed within a
 * minute: here the thread that waits gets an exception, there the session ends and gives its locks back (decision 0121).
 */
public final class PostgresAccess implements DatabaseAccess {

    private static final int KEEPALIVE_IDLE_SECONDS = 30;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 3;

    private static final String KEEPALIVES_OF_THE_SERVER = "-c tcp_keepalives_idle=" + KEEPALIVE_IDLE_SECONDS
            + " -c tcp_keepalives_interval=" + KEEPALIVE_INTERVAL_SECONDS
            + " -c tcp_keepalives_count=" + KEEPALIVE_PROBES
            + " -c tcp_user_timeout="
            + 1000 * (KEEPALIVE_IDLE_SECONDS + KEEPALIVE_INTERVAL_SECONDS * KEEPALIVE_PROBES);

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
        return connect(purpose, 30, "-c statement_timeout=20s -c lock_timeout=2s ");
    }

    @Override
    public Connection openForWork(String purpose) throws SQLException {
        return connect(purpose, 0, "");
    }

    /** @param answerSeconds how long an answer may take; 0 for any time */
    private Connection connect(String purpose, int answerSeconds, String options) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", credentials.user());
        properties.setProperty("password", credentials.password());
        properties.setProperty("ApplicationName", "headroom-operator " + purpose);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", String.valueOf(answerSeconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", KeepAliveSockets.class.getName());
        properties.setProperty("options", options + KEEPALIVES_OF_THE_SERVER);
        protect(properties);
        return count.counted(() -> DriverManager.getConnection(url(), properties));
    }

    /** The factory is always named: pgjdbc's own default would read files in the home directory. */
    private void protect(Properties properties) {
        properties.setProperty(
                "sslmode", spec.tls().mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        switch (spec.tls().mode()) {
            case DISABLE -> {}
            case PREFER, REQUIRE -> properties.setProperty("sslfactory", NonValidatingFactory.class.getName());
            case VERIFY_CA, VERIFY_FULL -> {
                if (trustedPem == null) {
                    properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
                } else {
                    properties.setProperty("sslfactory", PemTrust.class.getName());
                    properties.setProperty("sslfactoryarg", trustedPem);
                }
            }
        }
    }

    /** Where to, and nothing else: this may be logged. */
    private String url() {
        String given = requireNonNull(spec.host());
        String host = given.contains(":") ? "[" + given + "]" : given;
        return "jdbc:postgresql://" + host + ":" + spec.port() + "/"
                + URLEncoder.encode(requireNonNull(spec.name()), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return credentials.user() + "@" + spec.identity();
    }

    /** Trusts the authorities of one PEM bundle, held in memory: the operator's file system is read-only. */
    public static final class PemTrust extends WrappedFactory {

        /** Called by pgjdbc with the property sslfactoryarg. */
        public PemTrust(String pem) throws GeneralSecurityException, IOException {
            factory = context(pem).getSocketFactory();
        }

        /** TLS that trusts these certificates and no others. */
        public static SSLContext context(String pem) throws GeneralSecurityException, IOException {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            if (certificates.isEmpty()) {
                throw new GeneralSecurityException("the CA secret holds no certificate in PEM");
            }
            for (Certificate certificate : certificates) {
                authorities.setCertificateEntry("ca" + authorities.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }
    }

    /** Sockets with a keepalive of ours: the system's own begins after two hours of silence. */
    public static final class KeepAliveSockets extends SocketFactory {
        private static final Map<SocketOption<Integer>, Integer> TIMES = Map.of(
                ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS,
                ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS,
                ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);

        /** Called by pgjdbc, which finds this class by the property socketFactory and connects the socket itself. */
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setKeepAlive(true);
            for (Map.Entry<SocketOption<Integer>, Integer> time : TIMES.entrySet()) {
                if (socket.supportedOptions().contains(time.getKey())) {
                    socket.setOption(time.getKey(), time.getValue());
                }
            }
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw new IOException("not connected here");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            throw new IOException("not connected here");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new IOException("not connected here");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            throw new IOException("not connected here");
        }
    }
}

package dev.headroom.operator.database;

import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority for tests, kept by the JDK's keytool. */
public final class TestAuthority {

    private static final String PASSWORD = "changeit";

    private final Path store;
    private int issued;

    public TestAuthority(Path store, String name) throws Exception {
        this.store = store;
        keytool("-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c");
    }

    /** What a client puts into its CA secret. */
    public String pem() throws Exception {
        return pem("CERTIFICATE", opened().getCertificate("ca").getEncoded());
    }

    /**
     * Makes the server answer with a new certificate for this name ({@code ip:127.0.0.1}, {@code dns:db.example.com}),
     * from now on. The files are written by the server itself: the key has to be its user's alone.
     */
    public void certify(PostgresServer server, String name) throws Exception {
        String alias = "server" + ++issued;
        keytool("-alias", alias, "-signer", "ca", "-dname", "CN=" + alias, "-ext", "san=" + name);
        KeyStore opened = opened();
        write(
                server,
                "server.key",
                pem("PRIVATE KEY", opened.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        write(
                server,
                "server.crt",
                pem("CERTIFICATE", opened.getCertificate(alias).getEncoded()));
        server.execute("ALTER SYSTEM SET ssl = on");
        server.execute("SELECT pg_reload_conf()");
        await().until(() -> presents(server, opened.getCertificate(alias).getEncoded()));
    }

    /** For a server whose certificate for this name expired a week ago. */
    public SSLContext expired(String name) throws Exception {
        String alias = "server" + ++issued;
        keytool("-alias", alias, "-signer", "ca", "-dname", "CN=" + alias, "-ext", "san=" + name, "-startdate", "-9d");
        KeyStore alone = KeyStore.getInstance("PKCS12");
        alone.load(null, null);
        char[] password = PASSWORD.toCharArray();
        alone.setKeyEntry(alias, opened().getKey(alias, password), password, opened().getCertificateChain(alias));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(alone, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void write(PostgresServer server, String file, String pem) {
        server.execute("COPY (SELECT unnest(string_to_array('" + pem + "', E'\\n'))) TO PROGRAM 'rm -f " + file
                + "; umask 077; cat > " + file + "'");
    }

    /** The server reloads when it comes to it. */
    private static boolean presents(PostgresServer server, byte[] certificate) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslfactory", PostgresAccess.PemTrust.class.getName());
        properties.setProperty("sslfactoryarg", pem("CERTIFICATE", certificate));
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"), properties)) {
            return connection.isValid(5);
        } catch (java.sql.SQLException e) {
            return false;
        }
    }

    private KeyStore opened() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !Files.exists(store)) {
            throw new IllegalStateException("keytool: " + output);
        }
    }
}

package dev.headroom.service;

import dev.headroom.testkit.process.Unchecked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate made for one test, that signs itself.
 *
 * @param serverStore a PKCS12 file with the key and the certificate
 * @param trustStore a PKCS12 file with the certificate alone, for who is to trust it
 * @param certificate the certificate as PEM
 * @param privateKey its key as PEM, readable by the owner alone
 */
public record TestCertificate(Path serverStore, Path trustStore, Path certificate, Path privateKey) {

    /** Of both files. */
    public static final String PASSWORD = "of-a-test";

    /** Makes one in this folder; {@code name} is what it is good for, as {@code ip:127.0.0.1} or {@code dns:redis.example}. */
    public static TestCertificate of(String name, Path folder) {
        var made = new TestCertificate(
                folder.resolve("server.p12"),
                folder.resolve("trust.p12"),
                folder.resolve("server.crt"),
                folder.resolve("server.key"));
        keytool("-genkeypair -alias s -keyalg EC -dname CN=test -validity 2 -ext san=" + name, made.serverStore);
        keytool("-exportcert -rfc -alias s -file " + made.certificate, made.serverStore);
        keytool("-importcert -alias s -noprompt -file " + made.certificate, made.trustStore);
        made.writePrivateKey();
        return made;
    }

    private static void keytool(String command, Path store) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(command.split(" ", -1)));
        line.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        if (!Unchecked.succeeds(new ProcessBuilder(line))) {
            throw new IllegalStateException("failed: " + String.join(" ", line));
        }
    }

    private void writePrivateKey() {
        try {
            byte[] key = store().getKey("s", PASSWORD.toCharArray()).getEncoded();
            Files.createFile(
                    privateKey, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    privateKey,
                    "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                            + "\n-----END PRIVATE KEY-----\n");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(serverStore.toFile(), PASSWORD.toCharArray());
    }

    public SSLContext serverContext() {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(), PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

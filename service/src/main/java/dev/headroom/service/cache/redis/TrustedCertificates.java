package dev.headroom.service.cache.redis;

import dev.headroom.service.settings.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The CAs in {@code redis.trust-store}. The file is read again for each handshake, so that a new CA needs no restart; while
 * it cannot be read, those that were read last are trusted.
 */
final class TrustedCertificates extends X509ExtendedTrustManager {
    static final String SETTING = "redis.trust-store";

    private static final System.Logger LOG = System.getLogger(TrustedCertificates.class.getName());

    private final Path file;
    private final @Nullable Secret password;
    private byte[] bytes = {};
    private String opener = "";
    private @Nullable X509ExtendedTrustManager current;
    private boolean failureLogged;

    private TrustedCertificates(Path file, @Nullable Secret password) {
        this.file = file;
        this.password = password;
    }

    /**
     * Sockets that trust these.
     *
     * @throws IllegalStateException when there is no such file; what is in it shows at the first handshake
     */
    static SSLSocketFactory sockets(Path file, @Nullable Secret password) {
        if (!Files.exists(file)) {
            throw new IllegalStateException(SETTING + ": the file " + file + " does not exist");
        }
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustedCertificates(file, password)}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has TLS", impossible);
        }
    }

    private String problem(Exception unreadable) {
        return Files.exists(file)
                ? "cannot be read as PKCS12 with redis.trust-store-password ("
                        + unreadable.getClass().getSimpleName() + ")"
                : "does not exist";
    }

    private X509ExtendedTrustManager load() throws IOException, GeneralSecurityException {
        byte[] now = Files.readAllBytes(file);
        String opens = password == null ? "" : password.value();
        X509ExtendedTrustManager before = current;
        if (before != null && Arrays.equals(now, bytes) && opens.equals(opener)) {
            return before;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(now), opens.toCharArray());
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        X509ExtendedTrustManager loaded = Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
        bytes = now;
        opener = opens;
        return loaded;
    }

    private synchronized X509ExtendedTrustManager current() throws CertificateException {
        try {
            X509ExtendedTrustManager loaded = load();
            current = loaded;
            failureLogged = false;
            return loaded;
        } catch (IOException | GeneralSecurityException unreadable) {
            X509ExtendedTrustManager before = current;
            if (before == null) {
                throw new CertificateException(SETTING + ": the file " + file + " " + problem(unreadable));
            }
            if (!failureLogged) {
                failureLogged = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "redis.trust-store: the file {0} {1}; the certificates that were read last stay trusted",
                        file,
                        problem(unreadable));
            }
            return before;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        current().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        current().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        current().checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("Redis is a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("Redis is a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("Redis is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0]; // asked of servers only
    }
}

package dev.headroom.service.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.TestCertificate;
import dev.headroom.service.settings.Secret;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedCertificatesTest {
    private static final Secret PASSWORD = new Secret(TestCertificate.PASSWORD);

    @TempDir
    Path folder;

    /** At a port that the sockets have not been at, or the session of before would be resumed. */
    private static void handshake(SSLSocketFactory sockets, RedisServer redis, TestCertificate certificate)
            throws IOException {
        try (TcpProxy proxy = TcpProxy.tls(certificate.serverContext(), redis.host(), redis.port());
                var socket = (SSLSocket) sockets.createSocket("127.0.0.1", proxy.port())) {
            socket.startHandshake();
        }
    }

    @Test
    void aStoreThatIsGoneOrBrokenLeavesTheTrustAsItWas() throws IOException {
        TestCertificate certificate = TestCertificate.of("ip:127.0.0.1", folder);
        byte[] whole = Files.readAllBytes(certificate.trustStore());
        try (RedisServer redis = TestRedis.server();
                LoggedLines log = LoggedLines.of(TrustedCertificates.class.getPackage())) {
            SSLSocketFactory sockets = TrustedCertificates.sockets(certificate.trustStore(), PASSWORD);
            handshake(sockets, redis, certificate);

            Files.delete(certificate.trustStore());
            handshake(sockets, redis, certificate);
            Files.write(certificate.trustStore(), new byte[] {1, 2, 3});
            handshake(sockets, redis, certificate);

            assertThat(log.warnings()).singleElement().asString().contains("redis.trust-store", "stay trusted");
            Files.write(certificate.trustStore(), whole);
            handshake(sockets, redis, certificate);
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void aStoreThatCannotBeReadAtFirstIsTold() {
        Path missing = folder.resolve("missing.p12");

        assertThatThrownBy(() -> TrustedCertificates.sockets(missing, PASSWORD))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("redis.trust-store: the file " + missing + " does not exist");
    }
}

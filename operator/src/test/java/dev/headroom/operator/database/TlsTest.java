package dev.headroom.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec.TlsMode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a server with TLS, certificates from an authority of our own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

    private static final String THIS_HOST = "ip:127.0.0.1";

    private PostgresServer server;
    private TestAuthority authority;
    private TestAuthority stranger;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        authority = new TestAuthority(folder.resolve("ours.p12"), "Ours");
        stranger = new TestAuthority(folder.resolve("theirs.p12"), "Theirs");
        server = TestPostgres.server();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void verifyFullTrustsTheCaSecret_andTheSessionIsEncrypted() throws Exception {
        authority.certify(server, THIS_HOST);
        assertThat(isEncrypted(TlsMode.VERIFY_FULL, authority.pem())).isTrue();
        assertThat(isEncrypted(TlsMode.VERIFY_FULL, stranger.pem() + authority.pem()))
                .as("a bundle, as during a rotation of the authority")
                .isTrue();
        assertThat(isEncrypted(TlsMode.REQUIRE, null)).isTrue();
        assertThat(isEncrypted(TlsMode.PREFER, null)).isTrue();
        assertThat(isEncrypted(TlsMode.DISABLE, null)).isFalse();
    }

    @Test
    void anAuthorityThatDidNotSignIsRefused_alsoWithoutLookingAtTheName() throws Exception {
        authority.certify(server, THIS_HOST);
        for (TlsMode mode : List.of(TlsMode.VERIFY_CA, TlsMode.VERIFY_FULL)) {
            assertTlsFailed(refusal(mode, stranger.pem()));
            assertTlsFailed(refusal(mode, null)); // those whom Java trusts
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedByVerifyFull_andAcceptedByVerifyCa() throws Exception {
        authority.certify(server, "dns:db.example.com");
        AccessFailure failure = refusal(TlsMode.VERIFY_FULL, authority.pem());
        assertTlsFailed(failure);
        assertThat(failure.message()).contains("127.0.0.1");
        assertThat(isEncrypted(TlsMode.VERIFY_CA, authority.pem())).isTrue();
    }

    @Test
    void aSecretWithoutACertificateIsRefused() throws Exception {
        authority.certify(server, THIS_HOST);
        assertTlsFailed(refusal(TlsMode.VERIFY_FULL, "no certificate at all"));
    }

    @Test
    void aServerWithoutTlsIsRefusedFromRequireOn() {
        TestPostgres.Database plain = TestPostgres.database();
        try (plain) {
            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> access(plain.server(), TlsMode.REQUIRE, null).open("test"));
            AccessFailure failure = AccessFailure.of(refused);
            assertThat(failure.reason()).isEqualTo(Reason.TLS_FAILED);
            assertThat(failure.message()).startsWith("the server has no TLS").contains("database.tls.mode");
        }
    }

    private static void assertTlsFailed(AccessFailure failure) {
        assertThat(failure.reason()).as(failure.message()).isEqualTo(Reason.TLS_FAILED);
        assertThat(failure.message()).endsWith("check database.tls and the CA secret");
    }

    private AccessFailure refusal(TlsMode mode, @Nullable String pem) {
        return AccessFailure.of(assertThrows(
                SQLException.class, () -> access(server, mode, pem).open("test").close()));
    }

    private boolean isEncrypted(TlsMode mode, @Nullable String pem) throws SQLException {
        try (Connection connection = access(server, mode, pem).open("test");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static DatabaseAccess access(PostgresServer server, TlsMode mode, @Nullable String pem) {
        DatabaseSpec spec = new DatabaseSpec(
                server.host(),
                server.port(),
                "postgres",
                List.of("public"),
                new CredentialsSecret("db", "username", "password"),
                new TlsSpec(mode, null));
        return new PostgresAccess(
                spec,
                new Credentials(server.user(), server.password()),
                pem,
                new ConnectionCount(new SimpleMeterRegistry()));
    }
}

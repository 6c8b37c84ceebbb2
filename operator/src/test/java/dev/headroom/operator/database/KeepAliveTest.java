package dev.headroom.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.testkit.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/** Both ends of every session notice within a minute that the other one is gone. */
class KeepAliveTest {

    @Test
    void theServerProbesForTheClientsOfLooksAndOfWork() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database()) {
            PostgresAccess access = access(database);
            try (Connection look = access.open("look");
                    Connection work = access.openForWork("work")) {
                for (Connection session : List.of(look, work)) {
                    assertThat(setting(session, "tcp_keepalives_idle")).isEqualTo("30");
                    assertThat(setting(session, "tcp_keepalives_interval")).isEqualTo("10");
                    assertThat(setting(session, "tcp_keepalives_count")).isEqualTo("3");
                    assertThat(setting(session, "tcp_user_timeout")).isEqualTo("60000");
                }
                assertThat(look.getNetworkTimeout()).isEqualTo(30_000);
                assertThat(work.getNetworkTimeout()).isZero();
            }
        }
    }

    @Test
    void theSocketsOfTheClientProbeForTheServer() throws Exception {
        try (Socket socket = new PostgresAccess.KeepAliveSockets().createSocket()) {
            assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(30);
                assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
                        .isEqualTo(10);
                assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT))
                        .isEqualTo(3);
            }
        }
    }

    private static PostgresAccess access(TestPostgres.Database database) {
        DatabaseSpec spec = new DatabaseSpec(
                database.host(),
                database.port(),
                database.name(),
                List.of("public"),
                new CredentialsSecret("db", "username", "password"),
                new TlsSpec(TlsSpec.TlsMode.DISABLE, null));
        return new PostgresAccess(
                spec,
                new Credentials(database.user(), database.password()),
                null,
                new ConnectionCount(new SimpleMeterRegistry()));
    }

    private static String setting(Connection session, String name) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("show " + name)) {
            row.next();
            return row.getString(1);
        }
    }
}

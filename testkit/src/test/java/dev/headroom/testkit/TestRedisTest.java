package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TestRedisTest {

    private static final int PATIENCE_MILLIS = 1_000;

    @Test
    void oneServerSeesNothingOfAnother() throws IOException {
        try (RedisServer one = TestRedis.server();
                RedisServer other = TestRedis.server()) {
            assertThat(ask(one, "SET key value")).isEqualTo("+OK");
            assertThat(ask(other, "EXISTS key")).isEqualTo(":0");
        }
    }

    @Test
    void directivesAreObeyed() throws IOException {
        try (RedisServer server = TestRedis.server(
                RedisOptions.defaults().directive("requirepass", "secret").directive("maxmemory", "2mb"))) {
            assertThat(ask(server, "PING")).startsWith("-NOAUTH");
            assertThat(URI.create(server.url()).getUserInfo()).isEqualTo(":secret");
        }
    }

    @Test
    void aKilledServerRefusesConnectionsAndComesBackEmptyAtTheSameAddress() throws IOException {
        try (RedisServer server = TestRedis.server(RedisOptions.defaults().directive("maxmemory", "8mb"))) {
            ask(server, "SET key value");
            server.kill();
            assertThatThrownBy(() -> ask(server, "PING")).isInstanceOf(ConnectException.class);
            server.start();
            assertThat(ask(server, "EXISTS key")).isEqualTo(":0");
            server.restart();
            assertThat(ask(server, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void aSuspendedServerAnswersNothingUntilItIsResumed() throws IOException {
        try (RedisServer server = TestRedis.server(RedisOptions.defaults().directive("maxmemory", "8mb"))) {
            server.suspend();
            assertThatThrownBy(() -> ask(server, "PING")).isInstanceOf(SocketTimeoutException.class);
            server.resume();
            assertThat(ask(server, "PING")).isEqualTo("+PONG");
        }
    }

    private static String ask(RedisServer server, String command) throws IOException {
        try (Socket socket = new Socket(server.host(), server.port());
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String select = "SELECT " + URI.create(server.url()).getPath().substring(1) + "\r\n";
            socket.getOutputStream().write((select + command + "\r\n").getBytes(StandardCharsets.UTF_8));
            answers.readLine();
            return answers.readLine();
        }
    }
}

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
            assertThat(ask(one, withLogin(one, "SET key value"))).isEqualTo("+OK");
            assertThat(ask(other, withLogin(other, "EXISTS key"))).isEqualTo(":0");
        }
    }

    @Test
    void directivesAreObeyed() throws IOException {
        try (RedisServer server = TestRedis.server(
                RedisOptions.defaults().directive("requirepass", "secret").directive("maxmemory", "1kb"))) {
            assertThat(ask(server, "INFO")).startsWith("-NOAUTH");
            assertThat(ask(server, "AUTH secret", "SET key value")).startsWith("-OOM");
            assertThat(server.url()).startsWith("redis://:secret@");
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

    /** The answer to the last of the commands. */
    private static String ask(RedisServer server, String... commands) throws IOException {
        String answer = "";
        try (Socket socket = new Socket(server.host(), server.port());
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (String command : commands) {
                socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
                answer = answers.readLine();
            }
        }
        return answer;
    }

    /** What a client does first with the address it is given. */
    private static String[] withLogin(RedisServer server, String command) {
        URI url = URI.create(server.url());
        String select = "SELECT " + url.getPath().substring(1);
        return url.getUserInfo() == null
                ? new String[] {select, command}
                : new String[] {"AUTH " + url.getUserInfo().substring(1), select, command};
    }
}

package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

    private final Echo echo = new Echo(0);
    private final TcpProxy proxy = TcpProxy.plain("127.0.0.1", echo.port());

    @AfterEach
    void stop() {
        proxy.close();
        echo.close();
    }

    @Test
    void bytesVanishInABlackHoleAndNobodyIsToldOfAnEnd() throws Exception {
        try (Socket before = connect()) {
            assertThat(answer(before, 1)).isEqualTo(1);

            proxy.blackHole();

            assertNoAnswer(before);
            try (Socket meanwhile = connect()) {
                assertNoAnswer(meanwhile);
                proxy.restore();
                assertNoAnswer(meanwhile);
            }
            assertNoAnswer(before);
            try (Socket after = connect()) {
                assertThat(answer(after, 2)).isEqualTo(2);
            }
        }
    }

    @Test
    void newConnectionsGoWhereTheyAreRedirectedTo() throws Exception {
        try (Echo other = new Echo(100);
                Socket before = connect()) {
            assertThat(answer(before, 1)).isEqualTo(1);

            proxy.redirect("127.0.0.1", other.port());

            assertThat(answer(before, 2)).isEqualTo(2);
            try (Socket after = connect()) {
                assertThat(answer(after, 2)).isEqualTo(102);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static int answer(Socket socket, int number) throws IOException {
        socket.getOutputStream().write(number);
        return socket.getInputStream().read();
    }

    /** Neither an answer nor an end: what comes is a time-out. */
    private static void assertNoAnswer(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        assertThatThrownBy(() -> answer(socket, 9)).isInstanceOf(SocketTimeoutException.class);
    }

    /** A server that says each byte it hears, and a number more. */
    private static final class Echo implements AutoCloseable {
        private final ServerSocket listening;
        private final int more;

        Echo(int more) {
            this.more = more;
            try {
                this.listening = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(Socket client) {
            try (client) {
                for (int read = client.getInputStream().read();
                        read >= 0;
                        read = client.getInputStream().read()) {
                    client.getOutputStream().write(read + more);
                }
            } catch (IOException closed) {
                // the client is gone
            }
        }

        @Override
        public void close() {
            try {
                listening.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

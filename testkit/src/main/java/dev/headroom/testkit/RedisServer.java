package dev.headroom.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A Redis server; after a restart or a kill it is empty. */
public interface RedisServer extends TestServer {

    /** {@code redis://host:port/database}, with the password when there is one. */
    String url();

    /** Sends commands on a connection of their own, without a client library, and gives all lines of the answers. */
    static String ask(String host, int port, String... commands) {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(10_000);
            String request = String.join("\r\n", commands) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput(); // so that the end of the answer is the end of the stream
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
        } catch (IOException e) {
            throw new UncheckedIOException(host + ":" + port, e);
        }
    }
}

package dev.headroom.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A few commands to a server of ours, without a client library: this jar must not bring one to who tests another. */
final class RedisWire {

    private static final int PATIENCE_MILLIS = 10_000;

    private RedisWire() {}

    /** Sends one command on a connection of its own and gives all lines of the answer, as they come. */
    static String ask(String host, int port, List<String> command) {
        try (Socket socket = new Socket(host, port);
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            var request = new StringBuilder().append('*').append(command.size()).append("\r\n");
            command.forEach(part -> request.append('$')
                    .append(part.length())
                    .append("\r\n")
                    .append(part)
                    .append("\r\n"));
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput(); // so that the end of the answer is the end of the stream
            var answer = new StringBuilder();
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                answer.append(line).append('\n');
            }
            return answer.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(command.getFirst() + " to " + host + ":" + port, e);
        }
    }
}

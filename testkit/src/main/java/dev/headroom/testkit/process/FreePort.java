package dev.headroom.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/**
 * Ports for servers that are told where to listen.
 *
 * <p>Not the kernel's port 0: what that gives lies in the range of outgoing connections (from 32768 on Linux), and a
 * server that is down for a second in a fault test could find its port used as the source of somebody's connection.
 * A random port below that range can only be lost to another test JVM, between the look and the start: {@link #start}
 * tries again with another one.
 */
public final class FreePort {

    private static final int FIRST = 15_000;
    private static final int BEYOND_LAST = 32_000;

    private FreePort() {}

    public static int any() {
        for (int i = 0; i < 200; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND_LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port found between " + FIRST + " and " + BEYOND_LAST);
    }

    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections of a server that has just ended do not count
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts a server on a free port. */
    public static <T> T start(IntFunction<T> server) {
        for (int i = 1; i < 5; i++) {
            try {
                return server.apply(any());
            } catch (AddressInUse e) {
                // the next one then
            }
        }
        return server.apply(any());
    }

    /** A server could not start because somebody else listens on its port. */
    public static final class AddressInUse extends IllegalStateException {
        public AddressInUse(String message) {
            super(message);
        }
    }
}

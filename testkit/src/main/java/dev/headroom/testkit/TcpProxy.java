package dev.headroom.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/** Stands before a server and makes the way to it slow, or speaks TLS for one that does not. */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final String host;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;

    private TcpProxy(ServerSocketFactory sockets, String host, int port) {
        try {
            this.listening = sockets.createServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.host = host;
        this.port = port;
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    public static TcpProxy plain(String host, int port) {
        return new TcpProxy(ServerSocketFactory.getDefault(), host, port);
    }

    /** Clients speak TLS with it, and it speaks plainly with the server. */
    public static TcpProxy tls(TestCertificate certificate, String host, int port) {
        return new TcpProxy(certificate.serverContext().getServerSocketFactory(), host, port);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Connections that clients hold open at present. */
    public int connections() {
        return open.size() / 2;
    }

    /** Everything that the server says comes so much later from now on. */
    public void delayAnswers(Duration by) {
        delay = by;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().name("proxy-up").start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(host, port)) {
            open.add(client);
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread down = Thread.ofVirtual().name("proxy-down").start(() -> pump(server, client, true));
            pump(client, server, false);
            server.shutdownOutput();
            down.join();
        } catch (IOException e) {
            // one of them is gone, and with it the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
            open.removeIf(Socket::isClosed);
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && delay.isPositive()) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(TcpProxy::close);
    }
}

package dev.headroom.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/** Stands before a server and makes the way to it slow, silent or new, or speaks TLS for one that does not. */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Way> ways = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile InetSocketAddress server;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean silent;

    private TcpProxy(ServerSocketFactory sockets, String host, int port) {
        try {
            this.listening = sockets.createServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.server = new InetSocketAddress(host, port);
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

    /**
     * From now on every byte vanishes, in both directions, and neither end hears that the other one closed: no FIN, no RST.
     * New connections are accepted and meet the same silence. Keepalives of the kernel are answered all the same, by this
     * machine: it is the silence of a proxy or a balancer, not of a cable.
     */
    public void blackHole() {
        silent = true;
        ways.forEach(way -> way.silent = true);
    }

    /** New connections get through again. Those from before never do, as after an entry of a NAT table has gone. */
    public void restore() {
        silent = false;
    }

    /** New connections go to this server, as when an address moves to a promoted standby. */
    public void redirect(String host, int port) {
        server = new InetSocketAddress(host, port);
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
        Way way = new Way(silent);
        ways.add(way);
        try (client;
                Socket upstream = new Socket(server.getHostString(), server.getPort())) {
            open.add(client);
            open.add(upstream);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Thread down = Thread.ofVirtual().name("proxy-down").start(() -> pump(upstream, client, way, true));
            pump(client, upstream, way, false);
            if (way.silent) {
                closed.await();
            }
            upstream.shutdownOutput();
            down.join();
        } catch (IOException e) {
            // one of them is gone, and with it the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ways.remove(way);
            open.remove(client);
            open.removeIf(Socket::isClosed);
        }
    }

    private void pump(Socket from, Socket to, Way way, boolean answers) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && delay.isPositive()) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                if (!way.silent) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
            if (!way.silent) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            if (!way.silent) {
                close(from);
                close(to);
            }
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
        closed.countDown();
    }

    /** The two connections, of a client and to the server, that belong together. */
    private static final class Way {
        private volatile boolean silent;

        Way(boolean silent) {
            this.silent = silent;
        }
    }
}

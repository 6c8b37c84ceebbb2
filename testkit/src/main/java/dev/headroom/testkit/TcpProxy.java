package dev.headroom.testkit;

import dev.headroom.testkit.process.Unchecked;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import javax.net.ssl.SSLContext;

/** Stands before a server and makes the way to it slow, silent or new, or speaks TLS for one that does not. */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final Set<Way> ways = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile InetSocketAddress server;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean silent;

    private TcpProxy(ServerSocketFactory sockets, String host, int port) {
        this.listening = Unchecked.io(() -> sockets.createServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1")));
        this.server = new InetSocketAddress(host, port);
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    public static TcpProxy plain(String host, int port) {
        return new TcpProxy(ServerSocketFactory.getDefault(), host, port);
    }

    /** Clients speak TLS with it, and it speaks plainly with the server. */
    public static TcpProxy tls(SSLContext context, String host, int port) {
        return new TcpProxy(context.getServerSocketFactory(), host, port);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Connections that clients hold open at present. */
    public int connections() {
        return ways.size();
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
        try (client;
                Socket upstream = new Socket(server.getHostString(), server.getPort())) {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Way way = new Way(client, upstream);
            ways.add(way);
            way.silent = silent;
            try {
                Thread down = Thread.ofVirtual().name("proxy-down").start(() -> pump(upstream, client, way, true));
                pump(client, upstream, way, false);
                if (way.silent) {
                    closed.await();
                }
                down.join();
            } finally {
                ways.remove(way);
            }
        } catch (IOException e) {
            // one of them is gone, and with it the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
                way.close();
            }
        }
    }

    @Override
    public void close() {
        close(listening);
        ways.forEach(Way::close);
        closed.countDown();
    }

    private static void close(Closeable socket) {
        Unchecked.io(() -> {
            socket.close();
            return socket;
        });
    }

    /** The two connections, of a client and to the server, that belong together. */
    private static final class Way {
        private final Socket client;
        private final Socket upstream;
        private volatile boolean silent;

        Way(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void close() {
            TcpProxy.close(client);
            TcpProxy.close(upstream);
        }
    }
}

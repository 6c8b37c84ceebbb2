package dev.headroom.service.http.front;

import dev.headroom.service.logging.Complaints;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Lets clients in while there is room for them; who finds none waits in the backlog. */
final class Entrance implements Loop.Watched {
    private static final System.Logger LOG = System.getLogger(Entrance.class.getName());

    private final ServerSocketChannel server;
    private final BooleanSupplier room;
    private final Consumer<SocketChannel> guests;
    private final Loop loop;
    private final SelectionKey key;
    private volatile boolean shut;
    private boolean said;
    private final Complaints full = new Complaints(LOG, System::nanoTime);

    Entrance(InetSocketAddress at, int backlog, BooleanSupplier room, Consumer<SocketChannel> guests, Loop loop)
            throws IOException {
        this.room = room;
        this.guests = guests;
        this.loop = loop;
        this.server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(at, backlog);
            server.configureBlocking(false);
            this.key = loop.register(server, SelectionKey.OP_ACCEPT, this);
        } catch (IOException | RuntimeException refused) {
            server.close();
            throw refused;
        }
    }

    int port() {
        return server.socket().getLocalPort();
    }

    @Override
    public void ready() {
        try {
            while (!shut) {
                if (!room.getAsBoolean()) {
                    pause();
                    sayFull();
                    if (room.getAsBoolean()) {
                        loop.errand(this::tick); // somebody left meanwhile, and did not see that it is shut
                    }
                    return;
                }
                SocketChannel client = server.accept();
                if (client == null) {
                    said = false;
                    return;
                }
                letIn(client);
            }
        } catch (IOException noneLeft) {
            // Mostly of files. Connections that end give some back; to ask again before that would be a busy loop.
            if (!said) {
                said = true;
                Loop.aside(() -> LOG.log(
                        System.Logger.Level.ERROR,
                        "no connection can be accepted now: {0}. Raise the limit of open files (ulimit -n) above server.max-connections",
                        noneLeft.getMessage()));
            }
            pause();
        }
    }

    private void letIn(SocketChannel client) {
        try {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.configureBlocking(false);
            guests.accept(client);
        } catch (IOException gone) {
            close(client);
        } catch (RuntimeException | Error fault) {
            close(client);
            throw fault;
        }
    }

    /** Who waits outside sees nothing but a connection that says nothing. Not on this thread: a log can be slow. */
    private void sayFull() {
        if (full.due()) {
            Loop.aside(
                    () -> LOG.log(
                            System.Logger.Level.WARNING,
                            "as many connections are open as server.max-connections allows: whoever comes now waits until one ends."
                                    + " Allow more, or close idle ones sooner with server.idle-timeout (said at most once a minute)"));
        }
    }

    /** Until somebody leaves, or the next tick. */
    private void pause() {
        key.interestOps(0);
        shut = true;
    }

    /** Also once a second, for whatever nobody tells. */
    @Override
    public void tick() {
        if (shut && key.isValid() && room.getAsBoolean()) {
            shut = false;
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    void roomAgain() {
        if (shut) {
            loop.errand(this::tick);
        }
    }

    /**
     * For good, behind those who wait already. On the loop's thread, which may be letting somebody in; its selector lets go of
     * the socket when it looks again.
     */
    void close() {
        loop.errand(() -> {
            if (server.isOpen()) {
                ready();
                close(server);
            }
        });
    }

    static void close(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "closing a socket", e);
        }
    }

    @Override
    public void failed() {
        pause();
    }
}

package dev.headroom.service.http.front;

import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, as the loop sees it; docs/decisions/0092 has its states. Everything here happens on the loop's
 * thread, except {@link #handle}, which is the thread that Helidon understands and answers requests on.
 */
final class Visit implements Loop.Watched {
    private static final System.Logger LOG = System.getLogger(Visit.class.getName());
    private static final long LINGER = TimeUnit.SECONDS.toNanos(2);
    private static final int SPACE = 256 << 10;
    /** Read at once. No more: a connection keeps the last of it in memory, and a longer line Helidon does not take for HTTP. */
    private static final int READ = 8 << 10;

    /** For whatever is read and written by a loop: each chunk leaves it before the next comes. */
    private static final ThreadLocal<ByteBuffer> SPACES =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(SPACE));

    private final Front front;
    private final Loop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Inbox inbox = new Inbox(this::readOn);
    private final Outlet outlet;
    private final Conversation conversation;
    private long lastActive;
    private boolean begun;
    private boolean lingering;
    /** An answer of the loop's own that did not fit into the socket's buffer. */
    private volatile @Nullable Ready leaving;

    Visit(Front front, Loop loop, SocketChannel channel) throws IOException {
        this.front = front;
        this.loop = loop;
        this.channel = channel;
        this.key = loop.register(channel, SelectionKey.OP_READ, this);
        this.outlet = new Outlet(channel, this::tellWhenWritable);
        this.conversation = new Conversation(front, Peer.remote(channel), Peer.local(channel), inbox, outlet);
        this.lastActive = loop.now();
    }

    Loop loop() {
        return loop;
    }

    @Override
    public void ready() throws IOException {
        if (!lingering) {
            lastActive = loop.now();
        }
        ByteBuffer space = SPACES.get();
        if (key.isWritable()) {
            writable(space);
        } else if (key.isReadable()) {
            readable(space);
        }
    }

    private void writable(ByteBuffer space) throws IOException {
        Ready out = leaving;
        if (out == null) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            outlet.writable();
        } else if (out.sendTo(channel, space)) {
            leaving = null;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void readable(ByteBuffer space) throws IOException {
        space.clear().limit(READ);
        int read = channel.read(space);
        if (read < 0) {
            ended();
        } else if (read > 0 && !lingering) {
            byte[] chunk = new byte[read];
            space.flip().get(chunk);
            came(chunk, space);
        }
    }

    private void came(byte[] chunk, ByteBuffer space) throws IOException {
        if (!inbox.isIdle()) {
            handOn(chunk, null);
            return;
        }
        var head = new Head(chunk);
        Ready answer = front.express().answer(head);
        if (answer == null) {
            handOn(chunk, head.isWhole() ? head : null);
        } else if (!answer.sendTo(channel, space)) {
            leaving = answer;
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    private void handOn(byte[] chunk, @Nullable Head asked) {
        conversation.asked(asked);
        if (!inbox.put(chunk)) {
            key.interestOpsAnd(~SelectionKey.OP_READ);
        }
        if (!begun) {
            begun = true;
            front.begin(this);
        }
    }

    private void ended() {
        key.interestOpsAnd(~SelectionKey.OP_READ);
        if (lingering || !begun) {
            close();
        } else {
            inbox.end(); // and with that Helidon's thread, once it has answered what it was asked
            conversation.clientLeft();
        }
    }

    /** From Helidon's thread: there is room in the inbox again. */
    private void readOn() {
        loop.errand(() -> {
            if (key.isValid()) {
                key.interestOpsOr(SelectionKey.OP_READ);
            }
        });
    }

    /** From Helidon's thread. */
    private void tellWhenWritable() {
        loop.errand(() -> {
            if (key.isValid()) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
            } else {
                outlet.writable(); // it will see that the channel is closed
            }
        });
    }

    /** Ends it where nothing was heard of the client for long although it is its turn: to ask, to read, or to leave. */
    @Override
    public void tick() {
        boolean itsTurn = lingering || inbox.isWaitedFor() || outlet.isWaiting() || leaving != null;
        if (itsTurn && quietNanos() > (lingering ? LINGER : front.idleNanos())) {
            close();
        }
    }

    /** Since it did something, or was waited for: what was computed meanwhile is not its time. */
    private long quietNanos() {
        long quiet = loop.now() - lastActive;
        return lingering
                ? quiet
                : Math.min(quiet, Math.min(loop.now() - inbox.waitedForSince(), loop.now() - outlet.waitingSince()));
    }

    @Override
    public void failed() {
        close();
    }

    boolean isIdle() {
        return inbox.isIdle() && !isLeaving();
    }

    boolean isLeaving() {
        return leaving != null;
    }

    /** What was read since somebody looked is answered. */
    void closeIfIdle() {
        if (isIdle()) {
            close();
        }
    }

    /** At once, with whatever is under way. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "closing a connection", e);
        }
        leaving = null;
        front.left(this);
        if (begun) {
            inbox.end();
            outlet.writable();
            conversation.clientLeft();
        }
    }

    /** Has Helidon understand and answer what comes, until one of both ends the connection. */
    void handle() {
        try {
            conversation.hold();
        } catch (CloseConnectionException over) {
            LOG.log(System.Logger.Level.TRACE, "a connection is over", over);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "a connection failed", fault);
        } finally {
            loop.errand(this::linger);
        }
    }

    /** Closing with something unread would take back the answer that was just sent: RFC 9112, 9.6. */
    private void linger() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.shutdownOutput();
            lingering = true;
            lastActive = loop.now();
            key.interestOps(inbox.hasEnded() ? 0 : SelectionKey.OP_READ);
        } catch (IOException gone) {
            close();
        }
        if (inbox.hasEnded()) {
            close();
        }
    }
}

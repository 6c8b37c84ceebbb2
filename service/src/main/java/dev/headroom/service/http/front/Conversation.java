package dev.headroom.service.http.front;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The same connection, as Helidon sees it, on a thread of its own: bytes come from the inbox and go to the outlet. It knows
 * where requests begin and end, and so when it is the loop's turn again.
 */
final class Conversation implements ConnectionContext {
    private static final ScopedValue<Conversation> CURRENT = ScopedValue.newInstance();

    private final Front front;
    private final Peer remote;
    private final Peer local;
    private final Inbox inbox;
    private final Outlet outlet;
    private final DataReader reader = new DataReader(this::next);
    private final String id = "0x" + Integer.toHexString(System.identityHashCode(this));
    /** Whether the last request is answered and can have nothing more to come. */
    private boolean answered;

    /** The request that was handed on whole; of one that came in pieces, or with others, there is none. */
    private volatile @Nullable Head asked;

    private @Nullable Runnable whenClientLeaves;
    private boolean left;

    Conversation(Front front, Peer remote, Peer local, Inbox inbox, Outlet outlet) {
        this.front = front;
        this.remote = remote;
        this.local = local;
        this.inbox = inbox;
        this.outlet = outlet;
    }

    static @Nullable Conversation current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /** Returns when it is over. */
    void hold() throws InterruptedException {
        ScopedValue.where(CURRENT, this).<@Nullable Void, InterruptedException>call(() -> {
            front.understand(this);
            return null;
        });
    }

    /** Where a client leaves in the middle of a request, Helidon left alone would log a fault of ours, with a stack. */
    private byte[] next() {
        boolean nextRequest = answered && reader.available() == 0;
        byte[] chunk = inbox.take(nextRequest);
        if (chunk == null) {
            throw new CloseConnectionException("nothing more comes");
        }
        return chunk;
    }

    void requestBegan() {
        answered = false;
    }

    void requestEnded() {
        answered = true;
    }

    /** From the loop, before it hands on: what these bytes are, if they are one request and nothing else. */
    void asked(@Nullable Head whole) {
        asked = whole;
    }

    Optional<Head> asked() {
        return Optional.ofNullable(asked);
    }

    /** What is to be done if the client leaves before {@link #clientMayLeave}; if it has left already, this thread does it. */
    void whenClientLeaves(Runnable what) {
        boolean alreadyLeft;
        synchronized (this) {
            whenClientLeaves = what;
            alreadyLeft = left;
        }
        if (alreadyLeft) {
            what.run();
        }
    }

    /** The answer is there, so nothing is to be done any more. */
    synchronized void clientMayLeave() {
        whenClientLeaves = null;
    }

    /** From the loop, which waits for nothing: what is to be done is done on another thread. */
    void clientLeft() {
        Runnable what;
        synchronized (this) {
            left = true;
            what = whenClientLeaves;
            whenClientLeaves = null;
        }
        if (what != null) {
            front.surroundings().executor().execute(what);
        }
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return outlet;
    }

    @Override
    public ListenerContext listenerContext() {
        return front.surroundings();
    }

    @Override
    public ExecutorService executor() {
        return front.surroundings().executor();
    }

    @Override
    public Router router() {
        return front.router();
    }

    @Override
    public PeerInfo remotePeer() {
        return remote;
    }

    @Override
    public PeerInfo localPeer() {
        return local;
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public String socketId() {
        return id;
    }

    @Override
    public String childSocketId() {
        return id;
    }
}

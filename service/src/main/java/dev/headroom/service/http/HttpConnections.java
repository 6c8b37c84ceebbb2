package dev.headroom.service.http;

import dev.headroom.service.logging.Counted;
import dev.headroom.service.logging.LineBudget;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every connection of a port: HTTP/1.1 is Helidon's, anything else gets an answer that says so. Left alone, Helidon hangs up on
 * HTTP/1.0, HTTP/2 and TLS without a word, logs a stack for a client that leaves, and takes back a refusal that is not read yet.
 */
final class HttpConnections implements ServerConnectionSelector, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpConnections.class.getName());
    private static final Pattern OTHER_VERSION = Pattern.compile(" HTTP/\\d\\.\\d$");
    private static final byte TLS_HANDSHAKE = 0x16;
    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    /** A client that was refused is read for so long, and no longer than it keeps sending. */
    private static final long READ_ON = TimeUnit.SECONDS.toNanos(2);

    private static final int QUIET_MILLIS = 100;
    private static final int STACKS = 5;

    private final ServerConnectionSelector http1;
    private final int longestLine;
    private final RefusedRequests refused;
    private final LineBudget stacks = new LineBudget(
            STACKS,
            more -> LOG.log(
                    System.Logger.Level.ERROR,
                    "{0} failed in the last {1} s",
                    new Counted(more, "more connection"),
                    LineBudget.SECONDS));

    /** @param longestLine of a request, in bytes */
    HttpConnections(ServerConnectionSelector http1, int longestLine, RefusedRequests refused) {
        this.http1 = http1;
        this.longestLine = longestLine;
        this.refused = refused;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData start) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Connection(context, http1.connection(context));
    }

    /** Says how many more failed than the log has stacks for. */
    @Override
    public void close() {
        stacks.close();
    }

    private final class Connection implements ServerConnection, InterruptableTask<@Nullable Void> {
        private final ConnectionContext context;
        private final ServerConnection requests;
        /** Set while this reads from the client itself, which may be interrupted. */
        private volatile @Nullable Thread reading;

        Connection(ConnectionContext context, ServerConnection requests) {
            this.context = context;
            this.requests = requests;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                boolean sendsMore =
                        RefusedRequests.ofClient(() -> context.remotePeer().host(), () -> handleRequests(limit));
                if (sendsMore) {
                    readOn();
                }
            } catch (CloseConnectionException over) {
                throw over;
            } catch (UncheckedIOException | DataReader.InsufficientDataAvailableException gone) {
                // Of this connection: those of handlers are answered where they fail, by FailureResponses.
                throw new CloseConnectionException("the client went away", gone);
            } catch (RuntimeException fault) {
                if (stacks.spend()) {
                    LOG.log(System.Logger.Level.ERROR, "a connection failed and is closed", fault);
                }
                throw new CloseConnectionException("the connection failed", fault);
            }
        }

        private void handleRequests(Limit limit) throws InterruptedException {
            reading = Thread.currentThread();
            RefusedRequests.@Nullable FirstLine refusal;
            try {
                refusal = refusal(context.dataReader());
            } finally {
                reading = null;
            }
            if (refusal == null) {
                requests.handle(limit);
            } else {
                context.dataWriter().writeNow(refused.answer(refusal));
            }
        }

        /**
         * Reads and forgets what a refused client still sends: a connection that is closed with something unread takes back the
         * answer that was just sent (RFC 9112, 9.6).
         */
        private void readOn() {
            DataReader reader = context.dataReader();
            Thread self = Thread.currentThread();
            reading = self;
            long until = System.nanoTime() + READ_ON;
            try {
                while (System.nanoTime() - until < 0) {
                    reader.skip(reader.available());
                    var quiet = CompletableFuture.runAsync(
                            self::interrupt, CompletableFuture.delayedExecutor(QUIET_MILLIS, TimeUnit.MILLISECONDS));
                    reader.pullData();
                    quiet.cancel(false);
                }
            } catch (RuntimeException over) {
                LOG.log(System.Logger.Level.TRACE, "a refused client has nothing more to say", over);
            } finally {
                reading = null;
                Thread.interrupted(); // the silence has been noticed
            }
        }

        @Override
        public boolean canInterrupt() {
            return reading != null || (requests instanceof InterruptableTask<?> task && task.canInterrupt());
        }

        @Override
        public Duration idleTime() {
            return requests.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            Thread thread = reading;
            if (thread != null) {
                thread.interrupt();
            }
            requests.close(interrupt);
        }
    }

    /** Why the client is refused for its first line; null where that is one of HTTP/1.1. */
    private RefusedRequests.@Nullable FirstLine refusal(DataReader reader) {
        byte first = reader.lookup();
        if (!isToken(first)) { // TLS has no lines to wait for
            return first == TLS_HANDSHAKE ? RefusedRequests.FirstLine.TLS : RefusedRequests.FirstLine.NOT_HTTP;
        }
        int end;
        try {
            end = reader.findNewLine(longestLine);
        } catch (DataReader.IncorrectNewLineException alone) {
            return RefusedRequests.FirstLine.NOT_HTTP;
        }
        if (end >= longestLine) {
            return RefusedRequests.FirstLine.TOO_LONG;
        }
        String line = reader.getBuffer(end).readString(end);
        if (line.endsWith(" HTTP/1.1")) {
            return null;
        }
        return OTHER_VERSION.matcher(line).find()
                ? RefusedRequests.FirstLine.OTHER_VERSION
                : RefusedRequests.FirstLine.NOT_HTTP;
    }

    private static boolean isToken(byte one) {
        return (one >= '0' && one <= '9')
                || (one >= 'A' && one <= 'Z')
                || (one >= 'a' && one <= 'z')
                || TOKEN.indexOf(one) >= 0;
    }
}

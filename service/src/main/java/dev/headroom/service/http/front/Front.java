package dev.headroom.service.http.front;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.Router;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector.Support;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A port whose connections are read by few threads, and whose requests are answered by Helidon unless that is not needed. */
public final class Front {
    /** What Helidon makes of a request. */
    public record Understanding(
            Router router, DirectHandlers directHandlers, List<ServerConnectionSelector> protocols) {}

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final Surroundings surroundings;
    private final Understanding understanding;
    private final Express express;
    /** Those who were let in, also before their loop knows of them. */
    private final AtomicInteger inside = new AtomicInteger();

    private final Set<Visit> visits = ConcurrentHashMap.newKeySet();
    private final List<Loop> loops = new ArrayList<>();
    private final Entrance entrance;
    private int next;

    /**
     * Listens from then on.
     *
     * @param config the limits, and what Helidon asks for
     */
    public Front(InetSocketAddress at, ListenerConfig config, Understanding understanding, Express express)
            throws IOException {
        this(
                at,
                config,
                understanding,
                express,
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    Front(InetSocketAddress at, ListenerConfig config, Understanding understanding, Express express, int threads)
            throws IOException {
        this.surroundings = Surroundings.of(config, understanding.directHandlers());
        this.understanding = understanding;
        this.express = express;
        for (int number = 0; number < threads; number++) {
            loops.add(new Loop("front-" + number));
        }
        try {
            this.entrance = new Entrance(
                    at,
                    config.backlog(),
                    () -> inside.get() < config.maxTcpConnections(),
                    this::enter,
                    loops.getFirst());
        } catch (IOException | RuntimeException refused) {
            loops.forEach(Loop::discard);
            throw refused;
        }
        loops.forEach(Loop::start); // and not before: they need the entrance
    }

    public int port() {
        return entrance.port();
    }

    public int connections() {
        return inside.get();
    }

    /** Whether an answer of a loop's own is on its way to somebody who reads slowly. */
    public boolean isAnswering() {
        return visits.stream().anyMatch(Visit::isLeaving);
    }

    /** Lets nobody in any more; who is inside is answered as before. */
    public void shut() {
        entrance.close();
    }

    /** Lets nobody in any more, sends away whoever is not being answered, and after the grace everybody. */
    public void stop(Duration grace) {
        shut();
        long until = System.nanoTime() + grace.toNanos();
        do {
            visits.stream().filter(Visit::isIdle).forEach(visit -> visit.loop().errand(visit::closeIfIdle));
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        } while (!visits.isEmpty() && System.nanoTime() - until < 0);
        visits.forEach(visit -> visit.loop().errand(visit::close));
        loops.forEach(Loop::stop);
        surroundings.executor().shutdownNow();
    }

    private void enter(SocketChannel client) {
        Loop loop = loops.get(Math.floorMod(next++, loops.size()));
        inside.incrementAndGet();
        loop.errand(() -> {
            try {
                visits.add(new Visit(this, loop, client));
            } catch (IOException | ClosedSelectorException gone) {
                notIn(client);
            } catch (RuntimeException | Error fault) {
                notIn(client);
                throw fault;
            }
        });
    }

    private void notIn(SocketChannel client) {
        Entrance.close(client);
        inside.decrementAndGet();
        entrance.roomAgain();
    }

    void left(Visit visit) {
        if (visits.remove(visit)) {
            inside.decrementAndGet();
            entrance.roomAgain();
        }
    }

    void begin(Visit visit) {
        surroundings.executor().execute(visit::handle);
    }

    /** Has the first protocol that knows what it is talk to the client. */
    void understand(Conversation conversation) throws InterruptedException {
        DataReader reader = conversation.dataReader();
        reader.ensureAvailable();
        BufferData start = reader.getBuffer(reader.available());
        for (ServerConnectionSelector protocol : understanding.protocols()) {
            Support supports = protocol.supports(start);
            start.rewind();
            if (supports != Support.UNSUPPORTED) {
                protocol.connection(conversation).handle(FixedLimit.create());
                return;
            }
        }
    }

    long idleNanos() {
        return surroundings.config().idleConnectionTimeout().toNanos();
    }

    Express express() {
        return express;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Router router() {
        return understanding.router();
    }
}

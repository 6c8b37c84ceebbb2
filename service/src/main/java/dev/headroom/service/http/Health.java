package dev.headroom.service.http;

import dev.headroom.service.http.exchange.Reply;
import java.util.Locale;

/**
 * Whether this replica lives, has started, and wants traffic.
 *
 * <p>Ready means: started, and not stopping. A database that goes away later does not make the replica unready: every
 * replica would lose it in the same second, and a Service without endpoints turns clean 503s with Retry-After, and
 * answers from the cache, into refused connections (docs/decisions/0040).
 */
public final class Health {
    /** The three steps of a life. */
    public enum Phase {
        STARTING,
        SERVING,
        STOPPING
    }

    private volatile Phase phase = Phase.STARTING;

    public Phase phase() {
        return phase;
    }

    /** Every catalog is checked against the database: traffic may come. */
    public synchronized void serve() {
        if (phase == Phase.STARTING) {
            phase = Phase.SERVING;
        }
    }

    /** No new traffic, please; what is here will be finished. */
    public synchronized void stop() {
        phase = Phase.STOPPING;
    }

    public Reply live() {
        return reply(true, "live");
    }

    public Reply started() {
        return reply(phase != Phase.STARTING, "started");
    }

    public Reply ready() {
        return reply(phase == Phase.SERVING, "ready");
    }

    private Reply reply(boolean up, String name) {
        String body = "{\"check\":\"%s\",\"status\":\"%s\",\"phase\":\"%s\"}\n"
                .formatted(name, up ? "UP" : "DOWN", phase.name().toLowerCase(Locale.ROOT));
        return Reply.of(up ? 200 : 503, Reply.JSON, body);
    }
}

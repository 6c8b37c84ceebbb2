package dev.headroom.service.http;

import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.http.exchange.Routes;
import dev.headroom.service.http.front.Front;
import dev.headroom.service.http.seen.ProfileSettings;
import dev.headroom.service.http.seen.RequestLog;
import dev.headroom.service.http.seen.RequestMetrics;
import dev.headroom.service.http.seen.SlowestRequests;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The API's port with everything that stands between it and the routes. */
public final class Api {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final RequestMetrics metrics = new RequestMetrics();
    private final Faults faults = new Faults();
    private final RequestLog log;
    private final Familiar familiar;
    private final PortSetup setup;
    private volatile @Nullable Front open;

    public Api(ServerSettings server, ProfileSettings profile, List<Route> routes, Health health) {
        this.log = new RequestLog(profile, server.accessLog(), InstantSource.system());
        Cors cors = new Cors(server.cors());
        ProfileHeaders profiles = new ProfileHeaders(profile.enabled());
        Dispatch dispatch = new Dispatch(new Routes(routes), cors, faults, health);
        AnswerHeaders headers = new AnswerHeaders(cors, profiles);
        this.familiar = new Familiar(health, metrics, log, headers);
        this.setup = new PortSetup(
                server.api(),
                server.limits(),
                new ApiPort(dispatch, metrics, log, headers, familiar, health),
                profiles,
                metrics::refused);
    }

    public void start() throws IOException {
        open = setup.front(familiar);
    }

    /** Open ones, with a request or without. */
    public int connections() {
        Front port = open;
        return port == null ? 0 : port.connections();
    }

    /** The port in use, also when the settings said 0 for any. */
    public int port() {
        Front port = open;
        if (port == null) {
            throw new IllegalStateException("not started");
        }
        return port.port();
    }

    /**
     * Stops in the order that loses nothing: readiness is false already; traffic that is still routed here is served for
     * the delay; then nobody is let in, who would only take the place of those that end, and whatever runs gets the grace to
     * finish. Answers close their connections meanwhile.
     *
     * @return whether everything had finished
     */
    public boolean stop(ServerSettings.Stopping stopping) {
        pause(stopping.delay());
        long until = System.nanoTime() + stopping.grace().toNanos();
        Front port = open;
        if (port != null) {
            port.shut();
        }
        while (isBusy(port) && System.nanoTime() - until < 0) {
            pause(LOOK_AGAIN);
        }
        boolean finished = !isBusy(port);
        if (port != null) {
            port.stop(PortSetup.IDLE_CONNECTIONS_GO);
        }
        log.close();
        faults.close();
        setup.close();
        return finished;
    }

    /** With requests, or with answers on their way that no handler knows of. */
    private boolean isBusy(@Nullable Front port) {
        return metrics.active() > 0 || (port != null && port.isAnswering());
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    public RequestMetrics metrics() {
        return metrics;
    }

    public SlowestRequests slowest() {
        return log.slowest();
    }

    public long shed() {
        return faults.shed();
    }
}

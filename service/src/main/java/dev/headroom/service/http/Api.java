package dev.headroom.service.http;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The API's port with everything that stands between it and the routes. */
public final class Api {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final RequestMetrics metrics = new RequestMetrics();
    private final Faults faults = new Faults();
    private final RequestLog log;
    private final Listener listener;

    public Api(ServerSettings server, ProfileSettings profile, List<Route> routes, Health health) {
        this.log = new RequestLog(profile, server.accessLog(), InstantSource.system());
        Cors cors = new Cors(server.cors());
        ProfileHeaders profiles = new ProfileHeaders(profile.enabled());
        Dispatch dispatch = new Dispatch(new Routes(routes), cors, faults, health);
        AnswerHeaders headers = new AnswerHeaders(cors, profiles);
        Familiar familiar = new Familiar(health, metrics, log, headers);
        this.listener = new Listener(
                "server",
                server.host(),
                server.port(),
                server.limits(),
                new ApiPort(dispatch, metrics, log, headers, familiar, health),
                new Malformed(profiles),
                Optional.of(server.accessLog() ? head -> null : familiar));
    }

    public void start() throws IOException {
        listener.start();
    }

    /** Open ones, with a request or without. */
    int connections() {
        return listener.connections();
    }

    public int port() {
        return listener.port();
    }

    /**
     * Stops in the order that loses nothing: readiness is false already; traffic that is still routed here is served for
     * the delay; then whatever runs gets the grace to finish. Answers close their connections meanwhile.
     *
     * @return whether everything had finished
     */
    public boolean stop(ServerSettings.Stopping stopping) {
        pause(stopping.delay());
        long until = System.nanoTime() + stopping.grace().toNanos();
        while (isBusy() && System.nanoTime() - until < 0) {
            pause(LOOK_AGAIN);
        }
        boolean finished = !isBusy();
        listener.stop();
        log.close();
        faults.close();
        return finished;
    }

    private boolean isBusy() {
        return metrics.active() > 0 || listener.answering();
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

    long shed() {
        return faults.shed();
    }
}

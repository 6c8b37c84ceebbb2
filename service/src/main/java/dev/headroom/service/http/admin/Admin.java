package dev.headroom.service.http.admin;

import dev.headroom.service.http.Health;
import dev.headroom.service.http.PortSetup;
import dev.headroom.service.http.ProfileHeaders;
import dev.headroom.service.http.ServerSettings;
import dev.headroom.service.http.exchange.Reply;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The admin port: up before and after the API's, so that the platform can always ask. */
public final class Admin {
    private final PortSetup setup;
    private volatile @Nullable WebServer open;

    /** @param refused told the status of each request that was refused before it was understood */
    public Admin(
            ServerSettings server,
            Health health,
            Supplier<Reply> metrics,
            Supplier<Reply> slowest,
            IntConsumer refused) {
        this.setup = new PortSetup(
                server.admin(),
                server.limits(),
                new AdminPort(health, metrics, slowest),
                new ProfileHeaders(false),
                refused);
    }

    public void start() throws IOException {
        open = setup.helidon();
    }

    /** The port in use, also when the settings said 0 for any. */
    public int port() {
        WebServer port = open;
        if (port == null) {
            throw new IllegalStateException("not started");
        }
        return port.port();
    }

    public void stop() {
        WebServer port = open;
        if (port != null) {
            port.stop();
        }
        setup.close();
    }
}

package dev.headroom.service.http;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** The admin port: up before and after the API's, so that the platform can always ask. */
public final class Admin {
    private final Listener listener;

    public Admin(ServerSettings server, Health health, Supplier<Reply> metrics, Supplier<Reply> slowest) {
        this.listener = new Listener(
                "admin",
                server.adminHost(),
                server.adminPort(),
                server.limits(),
                new AdminPort(health, metrics, slowest),
                new Malformed(new ProfileHeaders(false)),
                Optional.empty());
    }

    public void start() throws IOException {
        listener.start();
    }

    public int port() {
        return listener.port();
    }

    public void stop() {
        listener.stop();
    }
}

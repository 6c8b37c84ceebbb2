package dev.headroom.service.http;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the two ports are, what they let in, and how they stop. */
public record ServerSettings(
        Address api, Address admin, Limits limits, Stopping stopping, Cors cors, boolean accessLog) {

    /**
     * Where one of them is.
     *
     * @param section of the settings that say so
     * @param hostSetting which of them names the host
     * @param port 0 for any that is free
     */
    public record Address(String section, String hostSetting, String host, int port) {
        InetSocketAddress resolved() throws UnknownHostException {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        }

        /** Where it is found from this machine, once it is listened at. */
        public String url(int open) throws UnknownHostException {
            InetAddress address = InetAddress.getByName(host);
            String name = address.isAnyLocalAddress() ? "localhost" : host;
            return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + open + "/";
        }

        /** Why it cannot be listened at, in words that name the setting to change. */
        IOException unusable(Exception refused) {
            String why = isOfThisMachine()
                    ? "%s.port %d on %s cannot be used: %s. Stop what uses it, or set another."
                            .formatted(section, port, host, refused.getMessage())
                    : "%s %s is no address of this machine: set one that is, or 0.0.0.0 for all."
                            .formatted(hostSetting, host);
            return new IOException(why, refused);
        }

        private boolean isOfThisMachine() {
            try {
                InetAddress address = InetAddress.getByName(host);
                return address.isAnyLocalAddress()
                        || address.isLoopbackAddress()
                        || NetworkInterface.getByInetAddress(address) != null;
            } catch (IOException unknown) {
                return false;
            }
        }
    }

    /** What a request may weigh. Reads have no body to speak of, so little is let in. */
    public record Limits(int url, int headers, int body, int connections, Duration idle) {}

    /** How long traffic may still arrive after readiness went false, and how long running requests get. */
    public record Stopping(Duration delay, Duration grace) {}

    /** Which origins a browser may call from; none means that CORS is off. */
    public record Cors(List<String> origins, List<String> headers, Duration maxAge) {}

    public static ServerSettings from(Config config, SettingsProblems problems) {
        SettingsSection server = new SettingsSection(config.get("server"), problems);
        SettingsSection admin = new SettingsSection(config.get("admin"), problems);
        String host = server.text("host", "0.0.0.0");
        Optional<String> ownHost = admin.text("host");
        ServerSettings settings = new ServerSettings(
                new Address("server", "server.host", host, server.integer("port", 8080, 0, 65535)),
                new Address(
                        "admin",
                        ownHost.isPresent() ? "admin.host" : "server.host",
                        ownHost.orElse(host),
                        admin.integer("port", 8081, 0, 65535)),
                limits(server),
                new Stopping(
                        server.duration("shutdown-delay", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(5)),
                        server.duration("shutdown-grace", Duration.ofSeconds(20), Duration.ZERO, Duration.ofHours(1))),
                cors(server.section("cors")),
                server.flag("access-log", false));
        int port = settings.api.port();
        if (port != 0 && port == settings.admin.port()) {
            admin.problem("port", "is the same as server.port, " + port + ": give the admin a port of its own");
        }
        return settings;
    }

    private static Limits limits(SettingsSection server) {
        return new Limits(
                server.bytes("max-url-length", 8 << 10, 256, 1 << 20),
                server.bytes("max-headers-size", 16 << 10, 1 << 10, 1 << 20),
                server.bytes("max-body-size", 64 << 10, 0, 1 << 30),
                server.integer("max-connections", 10_000, 1, 1_000_000),
                server.duration("idle-timeout", Duration.ofSeconds(75), Duration.ofSeconds(1), Duration.ofDays(1)));
    }

    private static Cors cors(SettingsSection cors) {
        List<String> origins = cors.list("origins", List.of());
        for (String origin : origins) {
            if (!origin.equals("*") && !origin.matches("https?://[^/\\s]+")) {
                cors.problem("origins", "expected * or an origin as https://app.example.org, got \"" + origin + "\"");
            }
        }
        return new Cors(
                origins,
                cors.list("headers", List.of("Content-Type", "If-None-Match", "X-Request-Id", "traceparent")),
                cors.duration("max-age", Duration.ofHours(1), Duration.ZERO, Duration.ofDays(1)));
    }
}

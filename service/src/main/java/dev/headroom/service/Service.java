package dev.headroom.service;

import dev.headroom.service.database.Database;
import dev.headroom.service.http.Admin;
import dev.headroom.service.http.Api;
import dev.headroom.service.http.Health;
import dev.headroom.service.http.MetricsPage;
import dev.headroom.service.http.Route;
import java.io.IOException;
import java.util.List;

/** The running service: what is wired to what, and the order in which it starts and stops. */
public final class Service implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Service.class.getName());

    private final ServiceSettings settings;
    private final Health health = new Health();
    private final Database database;
    private final Api api;
    private final Admin admin;

    public Service(ServiceSettings settings) {
        this.settings = settings;
        this.database = new Database(settings.database());
        this.api = new Api(settings.server(), settings.profile(), List.<Route>of(), health);
        this.admin = new Admin(settings.server(), health, new MetricsPage(api, database));
    }

    public void start() throws IOException {
        admin.start();
        api.start();
        health.serve();
        LOG.log(
                System.Logger.Level.INFO,
                "API at http://localhost:{0}/, health and metrics at http://localhost:{1}/",
                Integer.toString(api.port()),
                Integer.toString(admin.port()));
    }

    public int port() {
        return api.port();
    }

    public int adminPort() {
        return admin.port();
    }

    @Override
    public void close() {
        health.stop();
        boolean finished = api.stop(settings.server().stopping());
        admin.stop();
        database.close();
        LOG.log(
                System.Logger.Level.INFO,
                finished ? "stopped; every request was finished" : "stopped; server.shutdown-grace cut off requests");
    }
}

package dev.headroom.service;

import dev.headroom.service.http.AdminPort;
import dev.headroom.service.http.Health;
import dev.headroom.service.http.Listener;
import dev.headroom.service.http.Malformed;
import dev.headroom.service.http.Reply;
import dev.headroom.service.http.ServerSettings;
import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;

/** Starts the service and stops it in order. */
public final class ServiceMain {
    private static final System.Logger LOG = System.getLogger(ServiceMain.class.getName());

    private ServiceMain() {}

    public static void main(String[] args) throws IOException {
        Config config = Config.builder(ConfigSources.classpath("application.yaml"))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .build();
        SettingsProblems problems = new SettingsProblems();
        ServiceSettings settings = ServiceSettings.from(config, problems);
        Health health = new Health();
        ServerSettings server = settings.server();
        Listener admin = new Listener(
                "admin",
                server.adminHost(),
                server.adminPort(),
                server.limits(),
                new AdminPort(health, () -> Reply.of(200, Reply.TEXT, "")),
                new Malformed());
        admin.start();
        health.serve();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            health.stop();
                            admin.stop();
                            Runtime.getRuntime().halt(0);
                        },
                        "stop"));
        LOG.log(
                System.Logger.Level.INFO,
                "health at http://localhost:{0}/health/ready",
                Integer.toString(admin.port()));
    }
}

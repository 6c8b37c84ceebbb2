package dev.headroom.operator;

import dev.headroom.operator.cli.FileCommands;
import dev.headroom.operator.metrics.Meters;
import dev.headroom.support.InvalidSettings;
import dev.headroom.support.Settings;
import dev.headroom.support.SettingsSources;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/** The program: runs on a cluster, or plans and applies a file without one. */
public final class OperatorMain {

    private OperatorMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = Arrays.asList(arguments);
        boolean settingsOnly = given.isEmpty() || isSetting(given.getFirst());
        if (settingsOnly || given.getFirst().equals("run")) {
            try {
                run(settingsOnly ? given : given.subList(1, given.size()));
            } catch (InvalidSettings e) {
                e.problems().forEach(problem -> System.err.println("error: " + problem));
                System.exit(1);
            }
        } else {
            System.exit(new FileCommands(Wiring::concerns, Clock.systemUTC()).run(arguments));
        }
    }

    /** Whether this is meant as a setting, rightly spelled or not, and not as a command. */
    private static boolean isSetting(String argument) {
        return argument.startsWith("--") && argument.contains("=");
    }

    private static void run(List<String> arguments) throws IOException, InterruptedException {
        var loaded = Settings.load(new SettingsSources(arguments, System.getenv()), OperatorSettings::from);
        OperatorSettings settings = loaded.settings();
        Logging.configure(settings.logLevel());
        Logger log = System.getLogger(OperatorMain.class.getName());
        loaded.unknownVariables()
                .forEach(name -> log.log(
                        Level.WARNING,
                        "the environment variable {0} names no setting, see docs/reference/operator-settings.md",
                        name));
        Meters meters = new Meters();
        KubernetesClient client = ClusterClient.open();
        RunningOperator running = RunningOperator.start(
                client, settings, meters, Clock.systemUTC(), Wiring.concerns(meters), () -> leave(log));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            log.log(Level.INFO, "stopping");
                            running.close();
                            client.close();
                            log.log(Level.INFO, "stopped");
                        },
                        "stop"));
        log.log(
                Level.INFO,
                "watching {0}; health and metrics on port {1}",
                settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces(),
                String.valueOf(running.adminPort()));
        Thread.currentThread().join();
    }

    /** On a thread of its own: the one that tells is waited for by the shutdown hook. */
    private static void leave(Logger log) {
        log.log(Level.ERROR, "the lease is lost, another one may act: ending");
        Thread.ofPlatform().name("leave").start(() -> System.exit(1));
    }
}

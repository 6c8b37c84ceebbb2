package dev.headroom.operator;

import dev.headroom.operator.cli.Refusal;
import dev.headroom.support.InvalidSettings;
import dev.headroom.support.Settings;
import dev.headroom.support.SettingsSources;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.MissingCRDException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The operator on a cluster, until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Works on the DbPerformance resources of a cluster: in a pod that of its service account, elsewhere that of KUBECONFIG"
                    + " or ~/.kube/config.",
            "",
            "Each setting is an argument or an environment variable, --log-level=DEBUG or HEADROOM_LOG_LEVEL=DEBUG."
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    private RunCommand() {}

    /** With an option for each setting, for help and completion; what the settings do not know they tell themselves. */
    static CommandLine commandLine() {
        CommandLine run = new CommandLine(new RunCommand())
                .setUnmatchedArgumentsAllowed(true)
                .setOverwrittenOptionsAllowed(true);
        run.getCommandSpec().usageMessage().width(120);
        for (Settings.Known setting : Settings.load(new SettingsSources(List.of(), Map.of()), OperatorSettings::from)
                .known()) {
            run.getCommandSpec()
                    .addOption(OptionSpec.builder(setting.argument())
                            .arity("1")
                            .type(String.class)
                            .paramLabel("VALUE")
                            .description(description(setting))
                            .build());
        }
        return run;
    }

    private static String description(Settings.Known setting) {
        String standard = setting.standard().isEmpty() ? "" : " Default: " + setting.standard() + ".";
        return (setting.help() + " Takes " + setting.takes() + "." + standard).replace("%", "%%");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var loaded = Settings.load(new SettingsSources(settings(), System.getenv()), OperatorSettings::from);
        OperatorSettings settings = loaded.settings();
        Logging.configure(settings.logLevel());
        Logger log = System.getLogger(OperatorMain.class.getName());
        loaded.unknownVariables()
                .forEach(name -> log.log(
                        Level.WARNING,
                        "the environment variable {0} names no setting, see docs/reference/operator-settings.md",
                        name));
        KubernetesClient client = ClusterClient.open();
        RunningOperator running = start(client, settings, log);
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
        return 0;
    }

    /** The settings as they were given, with a value behind = or behind a space. */
    private List<String> settings() {
        ParseResult parsed = command.commandLine().getParseResult();
        List<String> settings = new ArrayList<>();
        parsed.matchedOptions()
                .forEach(option -> settings.add(
                        option.longestName() + "=" + option.stringValues().getLast()));
        settings.addAll(parsed.unmatched());
        return settings;
    }

    private static RunningOperator start(KubernetesClient client, OperatorSettings settings, Logger log)
            throws IOException {
        PrometheusMeterRegistry metrics = Metrics.registry();
        OperatorMain.Work work = OperatorMain.work(client, metrics, settings.databaseHosts());
        try {
            return RunningOperator.start(client, settings, metrics, Clock.systemUTC(), work, () -> leave(log));
        } catch (InvalidSettings e) {
            throw e;
        } catch (RuntimeException e) {
            log.log(Level.DEBUG, "cannot start", e);
            throw new Refusal("cannot start: "
                    + ClusterClient.causes(e).stream()
                            .filter(MissingCRDException.class::isInstance)
                            .findFirst()
                            .map(cause -> "the cluster has no " + ((MissingCRDException) cause).getCrdName()
                                    + ": kubectl apply -f crds/ creates it")
                            .orElseGet(() -> ClusterClient.rootMessage(e)));
        }
    }

    /** On a thread of its own: the one that tells is waited for by the shutdown hook. */
    private static void leave(Logger log) {
        log.log(Level.ERROR, "the lease is lost, another one may act: ending");
        Thread.ofPlatform().name("leave").start(() -> System.exit(1));
    }
}

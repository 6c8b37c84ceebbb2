package dev.headroom.images;

import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operator on an API server while it builds an index that a resource declares. */
final class OperatorTraining extends Training {

    /** What the JVM ends with after SIGTERM. */
    private static final int TERMINATED = 143;

    private final Path definition;
    private final Path kubeconfig;

    /**
     * Keeps what the run needs.
     *
     * @param definition the file of the CustomResourceDefinition
     * @param kubeconfig the file to write the way to the API server to
     */
    OperatorTraining(List<String> command, Path log, Path definition, Path kubeconfig) {
        super(command, log);
        this.definition = definition;
        this.kubeconfig = kubeconfig;
    }

    @Override
    void run() throws IOException, InterruptedException {
        try (TrainingServers servers = new TrainingServers()) {
            servers.createResource(definition);
            TrainingServers.writeKubeconfig(kubeconfig);
            String admin = "http://127.0.0.1:" + FreePort.any();
            Process operator = start(arguments(port(admin)), Map.of("KUBECONFIG", kubeconfig.toString()));
            Await.until("the operator", () -> isUp(admin + "/readyz") || !operator.isAlive());
            if (!operator.isAlive()) {
                throw new IOException("the operator did not start" + said());
            }
            Await.until("the index of the training's resource", servers::hasIndex);
            get(admin + "/metrics");
            stop(operator, TERMINATED);
        }
    }

    private static List<String> arguments(String adminPort) {
        List<String> arguments = new ArrayList<>(
                List.of("run", "--admin-host=127.0.0.1", "--admin-port=" + adminPort, "--database-hosts=*"));
        if (TrainingServers
                .hasRealApiServer()) { // fabric8's in-process server has no access reviews, which leader election needs
            arguments.add("--leader-election=true");
            arguments.add("--lease-namespace=" + TrainingServers.NAMESPACE);
        }
        return arguments;
    }
}

package dev.headroom.operator;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operator as a process of its own, to be ended as a kubelet or a terminal ends one; what it says is kept. */
public final class OperatorProgram implements AutoCloseable {

    private final Process process;
    private final Path log;

    private OperatorProgram(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** On the API server of this run, with these arguments. */
    static OperatorProgram onCluster(KubernetesServer server, List<String> arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        builder.environment().put("KUBECONFIG", kubeconfig(server));
        return start(builder);
    }

    /** As at a terminal. */
    public static OperatorProgram atTerminal(List<String> arguments) throws IOException {
        return atTerminal(arguments, Map.of());
    }

    /** The same with these variables in its environment. */
    static OperatorProgram atTerminal(List<String> arguments, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        builder.environment().putAll(environment);
        return start(builder);
    }

    private static OperatorProgram start(ProcessBuilder builder) throws IOException {
        Path log = Files.createTempFile("headroom-operator-", ".log");
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return new OperatorProgram(builder.start(), log);
    }

    private static List<String> command(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OperatorMain.class.getName()));
        all.addAll(arguments);
        return all;
    }

    /** A file that leads to the API server of this run; as an administrator. */
    static String kubeconfig(KubernetesServer server) throws IOException {
        String given = System.getenv("TEST_KUBECONFIG");
        if (given != null) {
            return given;
        }
        Config admin = server.admin();
        Path file = Files.writeString(Files.createTempFile("headroom-kubeconfig-", ".yaml"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: "%s"}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                        admin.getMasterUrl(), admin.getCaCertFile(), admin.getOauthToken()));
        file.toFile().deleteOnExit();
        return file.toString();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Sends a signal, by its name without SIG. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /**
     * Ends it as Ctrl-C does. Where the tests were started in the background without job control, INT is ignored from
     * the shell on down to it, and TERM, which takes the same way, has to do.
     *
     * @return the exit code that this leads to
     */
    public int interrupt() throws IOException, InterruptedException {
        boolean ignored = ignoresInterrupts();
        signal(ignored ? "TERM" : "INT");
        return ignored ? 143 : 130;
    }

    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    public boolean endsWithin(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    public int exitCode() {
        return process.exitValue();
    }

    public List<String> said() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(log);
    }
}

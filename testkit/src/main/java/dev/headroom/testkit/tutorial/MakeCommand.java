package dev.headroom.testkit.tutorial;

import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Unchecked;
import dev.headroom.testkit.tutorial.TutorialShell.Answer;
import dev.headroom.testkit.tutorial.TutorialShell.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code make run} and {@code make check-catalogs}, by make itself and the Makefile of the repository, on what is packaged already: Maven is not
 * started. Servers listen on free ports and keep their data in the tutorial's folder. {@code make run} goes on in the background once it serves,
 * as in a terminal of its own; the next one, and the end, stop it as Ctrl-C does.
 */
public final class MakeCommand implements TutorialShell.Command, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String BUILT = "service/target/.built";

    private final Path root;
    private final Path folder;
    private final int postgresPort = FreePort.any();
    private final int redisPort = FreePort.any();
    private final int port = FreePort.any();
    private final int adminPort = FreePort.any();
    private @Nullable Process running;

    private MakeCommand(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /** Adds it to a shell, with the ports that {@code make run} has. */
    public static MakeCommand addTo(TutorialShell shell, Path root) throws IOException {
        for (String packaged : List.of("service/target/headroom-service.jar", "testkit/target/headroom-testkit.jar")) {
            if (!Files.exists(root.resolve(packaged))) {
                throw Skipped.because(packaged + " is not there", "./mvnw verify, which packages it");
            }
        }
        MakeCommand make = new MakeCommand(root.toAbsolutePath().normalize(), shell.folder());
        shell.command("make", make)
                .port(15_432, make.postgresPort)
                .port(16_379, make.redisPort)
                .port(8080, make.port)
                .port(8081, make.adminPort);
        return make;
    }

    /** Where its PostgreSQL listens. */
    public int postgresPort() {
        return postgresPort;
    }

    @Override
    public Answer run(Call call) throws IOException {
        String target = call.arguments().getFirst();
        String given = call.arguments().stream()
                .filter(argument -> argument.startsWith("ARGS="))
                .map(argument -> argument.substring("ARGS=".length()))
                .collect(Collectors.joining(" "));
        return switch (target) {
            case "run" -> start(given);
            case "check-catalogs" -> check(given);
            default -> new Answer(2, "make " + target + " is not for tutorials\n");
        };
    }

    private Answer start(String given) throws IOException {
        close();
        Path output = Files.createTempFile(folder.getParent(), "make-run", ".log");
        Process process =
                make("run", given, "target/run", output, "--server.port=" + port, "--admin.port=" + adminPort);
        running = process;
        boolean ended =
                Await.within(PATIENCE, () -> !process.isAlive() || read(output).contains(" serving "));
        return new Answer(ended && process.isAlive() ? 0 : 2, read(output));
    }

    private Answer check(String given) throws IOException {
        Path output = Files.createTempFile(folder.getParent(), "make-check", ".log");
        Process process = make("check-catalogs", given, "target/check", output);
        boolean ended = Await.within(PATIENCE, () -> !process.isAlive());
        if (!ended) {
            stop(process);
        }
        return new Answer(ended ? process.exitValue() : 124, read(output));
    }

    private Process make(String target, String given, String data, Path output, String... more) throws IOException {
        Stream<String> ours = Stream.of(
                "--run.folder=" + folder.resolve(data),
                "--run.postgres-port=" + postgresPort,
                "--run.redis-port=" + redisPort,
                "--documents.roots=" + folder.resolve(data).resolve("repositories"));
        String arguments = Stream.of(Stream.of(given.split(" ", -1)).map(this::inFolder), ours, Stream.of(more))
                .flatMap(each -> each)
                .collect(Collectors.joining(" "));
        ProcessBuilder make = new ProcessBuilder(
                        "make", "--no-print-directory", "-C", root.toString(), "-o", BUILT, target, "ARGS=" + arguments)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS").forEach(make.environment()::remove);
        return make.start();
    }

    /** Paths in arguments are those of the tutorial's folder. */
    private String inFolder(String argument) {
        String folders = "--catalogs.folders=";
        return argument.startsWith(folders) ? folders + folder.resolve(argument.substring(folders.length())) : argument;
    }

    private static String read(Path file) {
        return Unchecked.io(() -> Files.readString(file));
    }

    /** To the program alone: make ends when it does. */
    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        if (!Await.within(Duration.ofSeconds(30), () -> !process.isAlive())) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        Process process = running;
        running = null;
        if (process != null) {
            stop(process);
        }
    }
}

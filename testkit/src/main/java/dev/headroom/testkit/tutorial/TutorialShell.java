package dev.headroom.testkit.tutorial;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.process.Unchecked;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A shell in an empty folder that stands for the root of the repository. Its commands are those of the machine, but for some that are answered
 * by the test; exported variables last from one step to the next. Ports that the tutorial names are free ones instead, there and back.
 */
public final class TutorialShell implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;
    private static final long ASKING_SECONDS = 5;

    /** A command of the tutorial that the test answers. */
    public interface Command {
        Answer run(Call call) throws Exception;
    }

    /**
     * How a command was called.
     *
     * @param input what it was piped
     */
    public record Call(List<String> arguments, String input, Map<String, String> environment) {}

    /** How it ended, and what it printed. */
    public record Answer(int code, String output) {
        public static Answer done(String output) {
            return new Answer(0, output);
        }
    }

    private final Path folder;
    private final Path tools;
    private final Path curl;
    private final HttpServer server;
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();

    private TutorialShell(Path folder, Path tools, Path curl, HttpServer server) {
        this.folder = folder;
        this.tools = tools;
        this.curl = curl;
        this.server = server;
    }

    /** In this folder, which is the test's own and is to be empty. */
    public static TutorialShell in(Path folder) throws IOException {
        Path curl = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(each -> Path.of(each, "curl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> Skipped.because("curl is not installed", "curl on the PATH"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        TutorialShell shell = new TutorialShell(
                Files.createDirectories(folder.resolve("root").toAbsolutePath()),
                Files.createDirectories(folder.resolve("tools").toAbsolutePath()),
                curl,
                server);
        server.createContext("/", shell::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return shell;
    }

    /** The folder in which the commands run. */
    public Path folder() {
        return folder;
    }

    /** Where the tutorial says this port, the other one is meant. */
    public TutorialShell port(int documented, int actual) {
        ports.put(documented, actual);
        return this;
    }

    /** Has the test answer a command. With a slash in its name it is a file in the folder. */
    public TutorialShell command(String name, Command command) throws IOException {
        Path file = (name.contains("/") ? folder : tools).resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                #!/bin/sh
                call=$(mktemp -d "%s/call.XXXXXX")
                printf '%%s\\0' "$@" >"$call/arguments"
                env >"$call/environment"
                code=$("%s" -q -sS --data-binary @- -H "Call: $call" "http://127.0.0.1:%d/%s")
                cat "$call/output"
                exit "$code"
                """.formatted(tools, curl, server.getAddress().getPort(), name));
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
        commands.put(name, command);
        return this;
    }

    /**
     * Runs every step, and fails at the first that does not do what the tutorial says. A step that only asks is asked again for some seconds, as a
     * reader would: a change is heard a moment after it was made.
     */
    public void play(Tutorial tutorial) throws IOException, InterruptedException {
        for (Tutorial.Step step : tutorial.steps()) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ASKING_SECONDS);
            Optional<String> failure = failure(step);
            while (failure.isPresent() && step.onlyAsks() && System.nanoTime() < end) {
                failure = failure(step);
            }
            if (failure.isPresent()) {
                throw new AssertionError(failure.get());
            }
        }
    }

    /** Runs a step; what it does otherwise than the tutorial says. */
    private Optional<String> failure(Tutorial.Step step) throws IOException, InterruptedException {
        Path output = tools.resolve("output");
        Process process = start(step, output);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return failure(step, "is not done after " + PATIENCE_SECONDS + " s", Files.readString(output));
        }
        String printed = withDocumentedPorts(Files.readString(output)).replace(folder + "/", "");
        if (process.exitValue() != step.exitCode()) {
            return failure(step, "ends with exit code " + process.exitValue() + ", not " + step.exitCode(), printed);
        }
        return step.output() == null || ExpectedOutput.matches(step.output(), printed)
                ? Optional.empty()
                : failure(step, "does not print\n" + step.output(), printed);
    }

    private Process start(Tutorial.Step step, Path output) throws IOException {
        Path state = tools.resolve("state");
        Path script = Files.writeString(
                tools.resolve("step"),
                "test ! -f '%1$s' || . '%1$s'%ntrap 'export -p >\"%1$s\"' EXIT%nset -e%n".formatted(state)
                        + withActualPorts(step.commands()));
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", script.toString())
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().merge("PATH", tools.toString(), (path, first) -> first + File.pathSeparator + path);
        return shell.start();
    }

    private static Optional<String> failure(Tutorial.Step step, String what, String printed) {
        return Optional.of("%s: this step%n%s%n%s%nbut prints%n%s"
                .formatted(step.place(), step.commands().indent(4), what, printed));
    }

    private String withActualPorts(String commands) {
        String text = commands;
        for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
            text = text.replaceAll(
                    "\\b" + port.getKey() + "\\b", port.getValue().toString());
        }
        return text;
    }

    private String withDocumentedPorts(String output) {
        String text = output;
        for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
            text = text.replaceAll(":" + port.getValue() + "\\b", ":" + port.getKey());
        }
        return text;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String input = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Path call = Path.of(exchange.getRequestHeaders().getFirst("Call"));
            Answer answer = answer(exchange.getRequestURI().getPath().substring(1), call, input);
            Files.writeString(call.resolve("output"), answer.output());
            byte[] code = String.valueOf(answer.code()).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, code.length);
            exchange.getResponseBody().write(code);
        }
    }

    /** What goes wrong in the test is printed, and so told by the step that fails. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    private Answer answer(String name, Path call, String input) {
        try {
            List<String> arguments =
                    Arrays.asList(read(call.resolve("arguments")).split("\0", -1));
            Map<String, String> environment = read(call.resolve("environment"))
                    .lines()
                    .map(line -> line.split("=", 2))
                    .filter(parts -> parts.length == 2)
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (one, other) -> one));
            return Objects.requireNonNull(commands.get(name))
                    .run(new Call(arguments.subList(0, arguments.size() - 1), input, environment));
        } catch (Exception | AssertionError wrong) {
            wrong.printStackTrace();
            return new Answer(125, "the test cannot answer " + name + ": " + wrong + "\n");
        }
    }

    private static String read(Path file) {
        return Unchecked.io(() -> Files.readString(file));
    }

    @Override
    public void close() {
        server.stop(0);
        for (Command command : commands.values()) {
            if (command instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}

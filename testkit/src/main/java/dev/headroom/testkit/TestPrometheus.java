package dev.headroom.testkit;

import dev.headroom.testkit.process.FreePort;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The installed Prometheus server with a configuration of its own. Nothing publishes its program on Maven Central: a machine
 * without it skips the tests.
 */
public final class TestPrometheus extends LeashedServer {

    private final Path program;
    private final String configuration;
    private final String webConfiguration;

    private TestPrometheus(Path program, String configuration, String webConfiguration, int port) {
        super("Prometheus", temporaryFolder("prometheus"), true, port, "TERM");
        this.program = program;
        this.configuration = configuration;
        this.webConfiguration = webConfiguration;
    }

    /**
     * Starts one.
     *
     * @param configuration the text of prometheus.yml
     * @param webConfiguration the text of the file for users and TLS; empty without either
     */
    public static TestPrometheus start(String configuration, String webConfiguration) {
        String path = System.getenv().getOrDefault("PATH", "");
        Path program = Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> Skipped.because(
                        "Prometheus is not installed",
                        "prometheus on the PATH (apt install prometheus, brew install prometheus)"));
        return FreePort.start(port -> {
            TestPrometheus server = new TestPrometheus(program, configuration, webConfiguration, port);
            server.start();
            return server;
        });
    }

    @Override
    List<String> command() throws IOException {
        Path file = Files.writeString(home.resolve("prometheus.yml"), configuration);
        Path web = Files.writeString(home.resolve("web.yml"), webConfiguration);
        return List.of(
                program.toString(),
                "--config.file=" + file,
                "--web.config.file=" + web,
                "--web.listen-address=" + HOST + ":" + port(),
                "--storage.tsdb.path=" + home.resolve("data"));
    }

    @Override
    boolean isReady(String output) {
        return output.contains("ready to receive web requests");
    }

    public String url() {
        return "http://" + HOST + ":" + port();
    }
}

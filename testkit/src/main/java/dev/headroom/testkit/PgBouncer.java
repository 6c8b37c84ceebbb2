package dev.headroom.testkit;

import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Unprivileged;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The installed PgBouncer in transaction mode before a PostgreSQL server. Each transaction goes to the server connection
 * that has been idle longest, so a client seldom gets the same one twice. Nothing publishes PgBouncer's program on Maven
 * Central: a machine without it skips the tests.
 */
public final class PgBouncer extends LeashedServer {

    private final PostgresServer server;
    private final Map<String, String> settings;
    private final Path program;
    private final Unprivileged runner = Unprivileged.here();

    private PgBouncer(PostgresServer server, Map<String, String> settings, Path program, int port) {
        super("PgBouncer", temporaryFolder("pgbouncer"), true, port, "INT");
        this.server = server;
        this.settings = settings;
        this.program = program;
        runner.own(home);
    }

    /**
     * Starts one that lets in the server's superuser.
     *
     * @param settings lines of {@code pgbouncer.ini} in place of the standard ones, as {@code default_pool_size}
     */
    public static PgBouncer before(PostgresServer server, Map<String, String> settings) {
        String path = System.getenv().getOrDefault("PATH", "");
        Path program = Stream.concat(
                        Stream.of(path.split(File.pathSeparator, -1)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> Skipped.because(
                        "PgBouncer is not installed",
                        "pgbouncer on the PATH or in /usr/sbin (apt install pgbouncer, brew install pgbouncer)"));
        return FreePort.start(port -> {
            PgBouncer bouncer = new PgBouncer(server, settings, program, port);
            bouncer.start();
            return bouncer;
        });
    }

    @Override
    List<String> command() throws IOException {
        Path users = Files.writeString(
                home.resolve("users.txt"), "\"" + server.user() + "\" \"" + server.password() + "\"\n");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addr", HOST);
        all.put("listen_port", String.valueOf(port()));
        all.put("unix_socket_dir", "");
        all.put("auth_type", "scram-sha-256");
        all.put("auth_file", users.toString());
        all.put("pool_mode", "transaction");
        all.put("server_round_robin", "1");
        all.put("max_client_conn", "1000");
        all.putAll(settings);
        String configuration = "[databases]\n* = host=" + server.host() + " port=" + server.port() + "\n[pgbouncer]\n"
                + all.entrySet().stream()
                        .map(each -> each.getKey() + " = " + each.getValue() + "\n")
                        .collect(Collectors.joining());
        Path file = Files.writeString(home.resolve("pgbouncer.ini"), configuration);
        return runner.command(List.of(program.toString(), file.toString()));
    }

    @Override
    boolean isReady(String output) {
        return output.contains("process up");
    }

    /** The way to this database through it. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port() + "/" + database;
    }
}

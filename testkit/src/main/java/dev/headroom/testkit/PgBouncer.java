package dev.headroom.testkit;

import dev.headroom.testkit.process.AddressInUse;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.Cache;
import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Leash;
import dev.headroom.testkit.process.Unprivileged;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The installed PgBouncer in transaction mode before a PostgreSQL server. Each transaction goes to the server connection
 * that has been idle longest, so a client seldom gets the same one twice. Nothing publishes PgBouncer's program on Maven
 * Central: a machine without it skips the tests.
 */
public final class PgBouncer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";

    private final PostgresServer server;
    private final Map<String, String> settings;
    private final Path program;
    private final Path home;
    private final int port;
    private final Unprivileged runner = Unprivileged.here();
    private Leash leash;

    private PgBouncer(PostgresServer server, Map<String, String> settings, Path program, int port) throws IOException {
        this.server = server;
        this.settings = settings;
        this.program = program;
        this.port = port;
        this.home = runner.own(Files.createTempDirectory("headroom-pgbouncer-"));
        this.leash = launch();
    }

    /**
     * Starts one that lets in the server's superuser.
     *
     * @param settings lines of {@code pgbouncer.ini} in place of the standard ones, as {@code default_pool_size}
     */
    public static PgBouncer before(PostgresServer server, Map<String, String> settings) {
        Path program = program()
                .orElseThrow(() -> Skipped.because(
                        "PgBouncer is not installed",
                        "pgbouncer on the PATH or in /usr/sbin (apt install pgbouncer, brew install pgbouncer)"));
        return AddressInUse.tryPorts(FreePort::any, port -> {
            try {
                return new PgBouncer(server, settings, program, port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Leash launch() throws IOException {
        Path users = Files.writeString(
                home.resolve("users.txt"), "\"" + server.user() + "\" \"" + server.password() + "\"\n");
        Path file = Files.writeString(home.resolve("pgbouncer.ini"), configuration(users));
        Files.deleteIfExists(log()); // what is looked for in it is of this start
        Leash started = Leash.start(runner.command(List.of(program.toString(), file.toString())), "INT", home, log());
        Await.until("PgBouncer to accept connections, see " + log(), () -> {
            String output = Files.exists(log()) ? Files.readString(log()) : "";
            if (!started.isRunning()) {
                Cache.delete(home);
                throw AddressInUse.orFailure("PgBouncer did not start on port " + port + ":\n" + output);
            }
            return output.contains("process up");
        });
        return started;
    }

    private String configuration(Path users) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addr", HOST);
        all.put("listen_port", String.valueOf(port));
        all.put("unix_socket_dir", "");
        all.put("auth_type", "scram-sha-256");
        all.put("auth_file", users.toString());
        all.put("pool_mode", "transaction");
        all.put("server_round_robin", "1");
        all.put("max_client_conn", "1000");
        all.putAll(settings);
        return "[databases]\n* = host=" + server.host() + " port=" + server.port() + "\n[pgbouncer]\n"
                + all.entrySet().stream()
                        .map(each -> each.getKey() + " = " + each.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    /** The way to this database through it. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    /** Ends it with all connections, as a node that is drained does, and starts it again. */
    public void restart() {
        leash.signal("TERM");
        leash.awaitEnd();
        try {
            leash = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return home.resolve("pgbouncer.log");
    }

    @Override
    public void close() {
        leash.close();
        try {
            Cache.delete(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

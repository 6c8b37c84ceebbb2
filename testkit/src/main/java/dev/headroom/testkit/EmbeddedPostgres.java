package dev.headroom.testkit;

import dev.headroom.testkit.process.Cache;
import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Leash;
import dev.headroom.testkit.process.Unchecked;
import dev.headroom.testkit.process.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/** PostgreSQL from binaries on the class path, in a directory of its own, on the leash of this JVM. */
final class EmbeddedPostgres extends LeashedServer implements PostgresServer {

    private static final String USER = "postgres";

    private final boolean temporary;
    private final PostgresOptions options;
    private final Unprivileged runner = Unprivileged.here();

    private EmbeddedPostgres(Path home, boolean temporary, int port, PostgresOptions options) {
        // Immediate shutdown for what is thrown away, a fast but orderly one for what is kept.
        super("postgres", home, temporary, port, temporary ? "QUIT" : "INT");
        this.temporary = temporary;
        this.options = options;
    }

    /** A server on a free port whose data goes when it is closed. */
    static EmbeddedPostgres temporary(PostgresOptions options) {
        return FreePort.start(port -> {
            EmbeddedPostgres server = new EmbeddedPostgres(temporaryFolder("postgres"), true, port, options);
            server.start();
            return server;
        });
    }

    /** A server on this port whose data stays in {@code home} for the next time. */
    static EmbeddedPostgres keptIn(Path home, int port, PostgresOptions options) {
        EmbeddedPostgres server = new EmbeddedPostgres(home, false, port, options);
        server.start();
        return server;
    }

    /** A server that streams from this one, which is stopped while its files are copied. */
    EmbeddedPostgres standby() {
        String primary = "host=" + HOST + " port=" + port() + " user=" + USER + " password=" + password();
        return FreePort.start(port -> {
            EmbeddedPostgres standby = new EmbeddedPostgres(
                    temporaryFolder("postgres"), true, port, options.setting("primary_conninfo", primary));
            runner.own(standby.home);
            stop();
            try {
                // With owners and permissions, at which PostgreSQL looks.
                List<String> copy =
                        List.of("cp", "-a", data().toString(), standby.data().toString());
                if (!Unchecked.succeeds(new ProcessBuilder(copy).inheritIO())) {
                    throw new IllegalStateException("could not copy " + data());
                }
            } finally {
                start();
            }
            runner.own(Unchecked.io(() -> Files.createFile(standby.data().resolve("standby.signal"))));
            standby.start();
            return standby;
        });
    }

    @Override
    List<String> command() throws IOException {
        Path binaries = Binaries.postgres();
        if (!Files.exists(data())) {
            initialise(binaries);
        }
        Files.writeString(data().resolve("postgresql.conf"), configuration());
        return runner.command(List.of(binaries.resolve("bin/postgres").toString(), "-D", data().toString()));
    }

    /** Under another name until it is whole: a run that is killed meanwhile leaves nothing that looks like a database. */
    private void initialise(Path binaries) throws IOException {
        runner.own(home);
        Path draft = home.resolve("draft");
        Cache.delete(draft);
        Path password = runner.own(Files.writeString(home.resolve("password"), options.password()));
        List<String> command = List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + draft,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256", // so that a wrong password is refused, as in production
                "--encoding=UTF8",
                "--locale=C", // the same order of texts on every machine
                "--no-sync");
        Leash initdb = Leash.start(runner.command(command), "TERM", temporary ? home : null, log());
        initdb.awaitEnd();
        Files.delete(password);
        if (initdb.status() != 0) {
            throw new IllegalStateException("initdb failed:\n" + Files.readString(log()));
        }
        Files.move(draft, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private String configuration() {
        PostgresOptions all = options.setting("port", port())
                .setting("listen_addresses", HOST)
                .setting("unix_socket_directories", "") // a path in a temporary directory may be too long for one
                // In the data directory: kill -9 leaves nothing in /dev/shm.
                .setting("dynamic_shared_memory_type", "mmap");
        return all.settings().entrySet().stream()
                .map(e -> e.getKey() + " = '" + e.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }

    /** The pid file says more than the log, where a standby is ready later than it says. */
    @Override
    boolean isReady(String output) {
        List<String> lines = pidFile();
        return lines.size() >= 8
                && lines.getFirst().equals(String.valueOf(leash().pid()))
                && lines.get(7).startsWith("ready");
    }

    private List<String> pidFile() {
        Path file = data().resolve("postmaster.pid");
        return Unchecked.io(() -> Files.exists(file) ? Files.readAllLines(file) : List.of());
    }

    /** The fast shutdown: connections are ended. */
    @Override
    void stop() {
        leash().signal("INT");
        leash().awaitEnd();
    }

    @Override
    public void kill() {
        super.kill();
        // It leaves the System V segment that its pid file names, and macOS has 32 of them in all.
        pidFile().stream()
                .skip(6)
                .findFirst()
                .map(keyAndId -> keyAndId.strip().split("\\s+", 2)[1])
                .ifPresent(id -> Unchecked.succeeds(new ProcessBuilder("ipcrm", "-m", id)));
    }

    @Override
    public void signal(String name, long pid) {
        if (!Unchecked.succeeds(new ProcessBuilder("kill", "-s", name, String.valueOf(pid)))) {
            throw new IllegalStateException("the server has no process " + pid + " to send SIG" + name);
        }
    }

    private Path data() {
        return home.resolve("data");
    }

    @Override
    public String user() {
        return USER;
    }

    @Override
    public String password() {
        return options.password();
    }
}

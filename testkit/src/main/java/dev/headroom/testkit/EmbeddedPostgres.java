package dev.headroom.testkit;

import dev.headroom.testkit.process.AddressInUse;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.Cache;
import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Leash;
import dev.headroom.testkit.process.Unprivileged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** PostgreSQL from binaries on the class path, in a directory of its own, on the leash of this JVM. */
final class EmbeddedPostgres implements PostgresServer {

    private static final String USER = "postgres";

    private final Path home;
    private final boolean temporary;
    private final int port;
    private final PostgresOptions options;
    private final Unprivileged runner;
    private @Nullable Leash leash;

    private EmbeddedPostgres(Path home, boolean temporary, int port, PostgresOptions options) {
        this.home = home;
        this.temporary = temporary;
        this.port = port;
        this.options = options;
        this.runner = Unprivileged.here();
    }

    /** A server on a free port whose data goes when it is closed. */
    static EmbeddedPostgres temporary(PostgresOptions options) {
        return AddressInUse.tryPorts(FreePort::any, port -> {
            try {
                Path home = Files.createTempDirectory("headroom-postgres-");
                EmbeddedPostgres server = new EmbeddedPostgres(home, true, port, options);
                server.start();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A server that streams from this one, which is stopped while its files are copied. */
    EmbeddedPostgres standby() {
        String primary = "host=" + host() + " port=" + port + " user=" + USER + " password=" + password();
        return AddressInUse.tryPorts(FreePort::any, free -> {
            try {
                Path copy = runner.own(Files.createTempDirectory("headroom-postgres-"));
                EmbeddedPostgres standby =
                        new EmbeddedPostgres(copy, true, free, options.setting("primary_conninfo", primary));
                stop();
                try {
                    copy(data(), standby.data());
                } finally {
                    start();
                }
                runner.own(Files.createFile(standby.data().resolve("standby.signal")));
                standby.start();
                return standby;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** With owners and permissions, at which PostgreSQL looks. */
    private static void copy(Path from, Path to) throws IOException {
        try {
            Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                    .inheritIO()
                    .start();
            if (copying.waitFor() != 0) {
                throw new IOException("could not copy " + from + " to " + to);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while copying " + from, e);
        }
    }

    /** A server on this port whose data stays in {@code home} for the next time. */
    static EmbeddedPostgres keptIn(Path home, int port, PostgresOptions options) {
        EmbeddedPostgres server = new EmbeddedPostgres(home, false, port, options);
        try {
            Files.deleteIfExists(server.log()); // of the last run
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        return server;
    }

    @Override
    public void start() {
        try {
            Path binaries = PostgresBinaries.directory();
            if (!Files.exists(data())) {
                initialise(binaries);
            }
            Files.writeString(data().resolve("postgresql.conf"), configuration());
            List<String> command = List.of(binaries.resolve("bin/postgres").toString(), "-D", data().toString());
            // Immediate shutdown for what is thrown away, a fast but orderly one for what is kept.
            leash = Leash.start(runner.command(command), temporary ? "QUIT" : "INT", temporary ? home : null, log());
            awaitReady(leash);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        PostgresOptions all = options.setting("port", port)
                .setting("listen_addresses", host())
                .setting("unix_socket_directories", "") // a path in a temporary directory may be too long for one
                .setting(
                        "dynamic_shared_memory_type",
                        "mmap"); // in the data directory: kill -9 leaves nothing in /dev/shm
        return all.settings().entrySet().stream()
                .map(e -> e.getKey() + " = '" + e.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }

    private void awaitReady(Leash started) throws IOException {
        Await.until("PostgreSQL to accept connections, see " + log(), () -> {
            if (!started.isRunning()) {
                String output = Files.readString(log());
                if (temporary) {
                    Cache.delete(home);
                }
                throw AddressInUse.orFailure("PostgreSQL did not start on port " + port + ":\n" + output);
            }
            return isReady(started);
        });
    }

    /** Asks the pid file and no socket: whoever else listens on our port is not mistaken for our server. */
    private boolean isReady(Leash started) throws IOException {
        Path file = data().resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return false;
        }
        List<String> lines = Files.readAllLines(file);
        return lines.size() >= 8
                && lines.getFirst().equals(String.valueOf(started.pid()))
                && lines.get(7).startsWith("ready");
    }

    @Override
    public void restart() {
        stop();
        start();
    }

    private void stop() {
        running().signal("INT");
        running().awaitEnd();
    }

    @Override
    public void kill() {
        running().signalAll("KILL");
        running().awaitEnd();
    }

    @Override
    public void suspend() {
        running().signalAll("STOP");
    }

    @Override
    public void resume() {
        running().signalAll("CONT");
    }

    @Override
    public void close() {
        if (leash != null) {
            leash.close();
            leash = null;
        }
        try {
            SharedMemory.releaseLeftBy(data());
            if (temporary) {
                Cache.delete(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Leash running() {
        if (leash == null) {
            throw new IllegalStateException("this PostgreSQL server is closed");
        }
        return leash;
    }

    private Path data() {
        return home.resolve("data");
    }

    private Path log() {
        return home.resolve("postgres.log");
    }

    @Override
    public String host() {
        return "127.0.0.1"; // not localhost: that may be ::1 first
    }

    @Override
    public int port() {
        return port;
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

package dev.headroom.operator.cli;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.Credentials;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.database.DatabaseSecret;
import dev.headroom.operator.database.PostgresAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The concerns at work on the resources of one file, until closed. */
final class FileSession implements AutoCloseable {

    private final Options options;
    private final ResourceFile file;
    private final Clock clock;
    private final Concerns concerns;
    private final ConnectionCount connections;
    private final Semaphore moved = new Semaphore(0);

    FileSession(Options options, Supplier<List<Concern<?>>> concerns, Clock clock) {
        this.options = options;
        this.file = ResourceFile.read(options.file);
        this.clock = clock;
        this.concerns = new Concerns(concerns.get(), Duration.ofSeconds(1), Concerns.steadyTime(), () -> 0);
        this.connections = new ConnectionCount(new SimpleMeterRegistry());
    }

    /** The options that plan and apply share. No password is ever an argument: arguments show in the list of processes. */
    static final class Options {

        @Option(
                names = {"-f", "--file"},
                required = true,
                paramLabel = "FILE",
                description = "YAML with DbPerformance resources and, if wanted, their Secrets; - for standard input.")
        Path file = Path.of("-");

        @Option(
                names = {"-o", "--output"},
                paramLabel = "text|json",
                description = "Form of the output: text (the default) or json, one document.")
        Output output = Output.text;

        @Option(
                names = "--host",
                paramLabel = "HOST",
                description = "Instead of database.host, such as localhost with a port-forward.")
        @Nullable
        String host;

        @Option(
                names = "--port",
                paramLabel = "PORT",
                converter = Port.class,
                description = "Instead of database.port: 1 to 65535.")
        @Nullable
        Integer port;

        @Option(names = "--user", paramLabel = "USER", description = "User name, instead of the Secret's; or PGUSER.")
        @Nullable
        String user;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "File with the password, instead of the Secret's; or PGPASSWORD.")
        @Nullable
        Path passwordFile;

        @Option(
                names = "--ca-file",
                paramLabel = "FILE",
                description = "File with the PEM certificates to trust, instead of the CA secret.")
        @Nullable
        Path caFile;
    }

    /** As it is written after --output. */
    enum Output {
        text,
        json
    }

    /** A number that can be a port. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (text.matches("[0-9]{1,5}")) {
                int port = Integer.parseInt(text);
                if (port >= 1 && port <= 65535) {
                    return port;
                }
            }
            throw new TypeConversionException("'" + text + "' is no port, which is from 1 to 65535");
        }
    }

    List<DbPerformance> resources() {
        return file.resources();
    }

    List<ConcernOutcome> look(DbPerformance resource, Mode mode) {
        ResourceView view = ResourceView.of(resource);
        return concerns.reconcile(
                Pass.over(view, mode, () -> access(resource), others(view), () -> true, clock),
                new Object(), // every look is a new one
                moved::release);
    }

    /** All resources of a file count as those of one database; of a cluster nothing is known. */
    private Pass.OtherResources others(ResourceView view) {
        return new Pass.OtherResources() {
            @Override
            public List<ResourceView> onSameDatabase() {
                return file.resources().stream()
                        .map(ResourceView::of)
                        .filter(other -> !other.id().equals(view.id()))
                        .toList();
            }

            @Override
            public Set<String> names() {
                return Set.of();
            }
        };
    }

    Report.Resource report(DbPerformance resource, List<ConcernOutcome> outcomes) {
        return Report.Resource.of(resource, complete(resource).identity(), outcomes);
    }

    /** Waits until a concern says that something moved, and no longer than this. */
    void await(Duration longest) throws InterruptedException {
        if (moved.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            moved.drainPermits();
        }
    }

    private DatabaseAccess access(DbPerformance resource) {
        CredentialsSecret secret = resource.getSpec().database().credentialsSecretRef();
        DatabaseSecret values = secret(resource);
        DatabaseSpec database = complete(resource);
        String name = first(options.user, values.user(), System.getenv("PGUSER"));
        String password = first(
                options.passwordFile == null
                        ? null
                        : ResourceFile.text(options.passwordFile).stripTrailing(),
                values.password(),
                System.getenv("PGPASSWORD"));
        if (name == null) {
            throw new Refusal(resource.getMetadata().getName() + ": no user name: give --user, PGUSER, or Secret "
                    + secret.name() + " with key " + secret.usernameKey() + " in the same file");
        }
        // A server that trusts us asks for none.
        return new PostgresAccess(
                database, new Credentials(name, password == null ? "" : password), trusted(database), connections);
    }

    private DatabaseSecret secret(DbPerformance resource) {
        CredentialsSecret secret = resource.getSpec().database().credentialsSecretRef();
        return new DatabaseSecret(secret, key -> file.secretValue(secret.name(), key));
    }

    private DatabaseSpec complete(DbPerformance resource) {
        try {
            return secret(resource).complete(overridden(resource.getSpec().database()));
        } catch (DatabaseSecret.Unusable e) {
            throw new Refusal(resource.getMetadata().getName() + ": the database is not known: secret "
                    + resource.getSpec().database().credentialsSecretRef().name() + ": " + e.getMessage()
                    + "; or give --host");
        }
    }

    private DatabaseSpec overridden(DatabaseSpec database) {
        return new DatabaseSpec(
                options.host == null ? database.host() : options.host,
                options.port == null ? database.port() : options.port,
                database.name(),
                database.schemas(),
                database.credentialsSecretRef(),
                database.tls());
    }

    private @Nullable String trusted(DatabaseSpec database) {
        if (options.caFile != null) {
            return ResourceFile.text(options.caFile);
        }
        TlsSpec.CaSecret ca = database.tls().caSecretRef();
        if (ca == null) {
            return null;
        }
        String pem = file.secretValue(ca.name(), ca.key());
        if (pem == null) {
            throw new Refusal("no certificates: give --ca-file, or Secret " + ca.name() + " with key " + ca.key()
                    + " in the same file");
        }
        return pem;
    }

    private static @Nullable String first(@Nullable String... values) {
        return Stream.of(values).filter(value -> value != null).findFirst().orElse(null);
    }

    @Override
    public void close() {
        concerns.stop();
    }
}

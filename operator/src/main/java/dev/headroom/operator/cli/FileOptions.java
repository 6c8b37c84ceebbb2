package dev.headroom.operator.cli;

import dev.headroom.operator.crd.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.TlsSpec;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.database.Credentials;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.database.PostgresAccess;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that plan and apply share. No password is ever an argument: arguments show in the list of processes. */
final class FileOptions {

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "YAML with DbPerformance resources and, if wanted, their Secrets; - for standard input.")
    Path file = Path.of("-");

    @Option(names = "--host", description = "Instead of database.host, such as localhost with a port-forward.")
    @Nullable
    String host;

    @Option(names = "--port", description = "Instead of database.port.")
    @Nullable
    Integer port;

    @Option(names = "--user", description = "User name, instead of the Secret's; or PGUSER.")
    @Nullable
    String user;

    @Option(names = "--password-file", description = "File with the password, instead of the Secret's; or PGPASSWORD.")
    @Nullable
    Path passwordFile;

    @Option(names = "--ca-file", description = "File with the PEM certificates to trust, instead of the CA secret.")
    @Nullable
    Path caFile;

    ResourceFile read() {
        return ResourceFile.read(file);
    }

    DatabaseAccess access(DbPerformance resource, ResourceFile from, ConnectionCount connections) {
        DatabaseSpec database = overridden(resource.getSpec().database());
        CredentialsSecret secret = database.credentialsSecret();
        String name = first(user, from.secretValue(secret.name(), secret.usernameKey()), System.getenv("PGUSER"));
        String password = first(
                passwordFile == null ? null : TextFile.read(passwordFile).stripTrailing(),
                from.secretValue(secret.name(), secret.passwordKey()),
                System.getenv("PGPASSWORD"));
        if (name == null) {
            throw new Refusal(resource.getMetadata().getName() + ": no user name: give --user, PGUSER, or Secret "
                    + secret.name() + " with key " + secret.usernameKey() + " in the same file");
        }
        // A server that trusts us asks for none.
        return new PostgresAccess(
                database,
                new Credentials(name, password == null ? "" : password),
                trusted(database, from),
                connections);
    }

    /** Where that resource's database is looked for. */
    String target(DbPerformance resource) {
        return overridden(resource.getSpec().database()).identity();
    }

    private DatabaseSpec overridden(DatabaseSpec database) {
        return new DatabaseSpec(
                host == null ? database.host() : host,
                port == null ? database.port() : port,
                database.name(),
                database.schemas(),
                database.credentialsSecret(),
                database.tls());
    }

    private @Nullable String trusted(DatabaseSpec database, ResourceFile from) {
        if (caFile != null) {
            return TextFile.read(caFile);
        }
        TlsSpec.CaSecret ca = database.tls().caSecret();
        if (ca == null) {
            return null;
        }
        String pem = from.secretValue(ca.name(), ca.key());
        if (pem == null) {
            throw new Refusal("no certificates: give --ca-file, or Secret " + ca.name() + " with key " + ca.key()
                    + " in the same file");
        }
        return pem;
    }

    private static @Nullable String first(@Nullable String... values) {
        for (String value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}

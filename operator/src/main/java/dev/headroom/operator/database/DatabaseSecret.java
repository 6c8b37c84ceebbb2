package dev.headroom.operator.database;

import static java.util.Objects.requireNonNullElse;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import java.net.URI;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Secret says about a database. Besides the two keys that the spec names, it reads what CloudNativePG, Crunchy and
 * others write: {@code user}, {@code host}, {@code port}, {@code dbname}, and {@code uri} for what these leave out.
 */
public final class DatabaseSecret {

    private final CredentialsSecret names;
    private final Function<String, @Nullable String> values;

    /** @param values the value of a key, null where there is none */
    public DatabaseSecret(CredentialsSecret names, Function<String, @Nullable String> values) {
        this.names = names;
        this.values = key -> {
            String value = values.apply(key);
            return value == null || value.isEmpty() ? null : value;
        };
    }

    public @Nullable String user() {
        String user = values.apply(names.usernameKey());
        return user != null || !names.usernameKey().equals("username") ? user : values.apply("user");
    }

    public @Nullable String password() {
        return values.apply(names.passwordKey());
    }

    public @Nullable String host() {
        return place("host", URI::getHost);
    }

    /** The value of a key, or what the key uri says instead. */
    private @Nullable String place(String key, Function<URI, @Nullable String> inUri) {
        String value = values.apply(key);
        String uri = value == null ? values.apply("uri") : null;
        try {
            return uri == null ? value : inUri.apply(URI.create(uri.strip()));
        } catch (IllegalArgumentException e) {
            return null; // its message would name the password
        }
    }

    private @Nullable Integer port() throws Unusable {
        String port = place("port", uri -> uri.getPort() < 0 ? null : String.valueOf(uri.getPort()));
        try {
            return port == null ? null : Integer.valueOf(port.strip());
        } catch (NumberFormatException e) {
            throw new Unusable("port", "is no number");
        }
    }

    private @Nullable String databaseName() {
        return place(
                "dbname",
                uri -> uri.getPath() == null || uri.getPath().length() < 2
                        ? null
                        : uri.getPath().substring(1));
    }

    /** The spec with its place known: what it does not say, this Secret does. */
    public DatabaseSpec complete(DatabaseSpec spec) throws Unusable {
        String host = spec.host() == null ? host() : spec.host();
        if (host == null) {
            throw new Unusable("host", "is missing, and the spec has no database.host");
        }
        String name = spec.name() == null ? databaseName() : spec.name();
        if (name == null) {
            throw new Unusable("dbname", "is missing, and the spec has no database.name");
        }
        Integer port = spec.port() == null ? port() : spec.port();
        return spec.at(host, requireNonNullElse(port, DatabaseSpec.DEFAULT_PORT), name);
    }

    /** Whether this Secret belongs to that host: its own, in one of the forms in which a Service of its namespace is named. */
    public boolean names(String host, String namespace) {
        String own = host();
        return own != null
                && Stream.of("", "." + namespace, "." + namespace + ".svc", "." + namespace + ".svc.cluster.local")
                        .anyMatch(form -> host.equalsIgnoreCase(own + form));
    }

    /** A key whose value is needed and is missing or malformed. */
    public static final class Unusable extends Exception {
        private final String key;

        Unusable(String key, String what) {
            super("key \"" + key + "\" " + what);
            this.key = key;
        }

        public String key() {
            return key;
        }
    }
}

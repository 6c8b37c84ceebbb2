package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.operator.crd.ListType.SetList;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the database is and as whom to go there. Host, port and name may come from the Secret instead. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseSpec(
        @JsonPropertyDescription(
                "Host name or address of the PostgreSQL server; without it, the Secret's key host. A name without a dot"
                        + " is a Service of this namespace. Connect to the server itself, not to a transaction pooler: index builds need a session of their own. The Secret has"
                        + " to allow the host, by its key host or by its annotation headroom.dev/hosts.")
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern("^[A-Za-z0-9._:-]+$")
        String host,

        @JsonPropertyDescription("Port of the server; without it, the Secret's key port, or 5432.")
        @Nullable
        @Min(1)
        @Max(65535)
        Integer port,

        @JsonPropertyDescription("Name of the database; without it, the Secret's key dbname.")
        @Nullable
        @Size(min = 1, max = 63)
        @Pattern(Rules.ONE_LINE)
        String name,

        @JsonPropertyDescription(
                "Schemas this resource is about. A declared index without a schema is looked for in these, in this"
                        + " order; findings and foreign keys are looked for in all of them.")
        @Default("[\"public\"]")
        @SetList
        @Size(min = 1, max = 32)
        List<@Size(min = 1, max = 63) @Pattern(Rules.ONE_LINE) String> schemas,

        @JsonPropertyDescription(
                "The Secret with user name and password, in the namespace of this resource. One that CloudNativePG wrote"
                        + " for an application is taken as it is: with host, port and dbname.")
        @Required
        CredentialsSecret credentialsSecretRef,

        @JsonPropertyDescription("How the connection is protected.") @Default("{}")
        TlsSpec tls) {

    public static final int DEFAULT_PORT = 5432;

    public DatabaseSpec {
        schemas = schemas == null || schemas.isEmpty() ? List.of("public") : List.copyOf(schemas);
        tls = requireNonNullElse(tls, TlsSpec.DEFAULT);
    }

    /** The same with its place known. */
    public DatabaseSpec at(String knownHost, int knownPort, String knownName) {
        return new DatabaseSpec(knownHost, knownPort, knownName, schemas, credentialsSecretRef, tls);
    }

    /** The same database for everyone, however many resources are about it, once its place is known. */
    public String identity() {
        return (host == null ? "the host of secret " + credentialsSecretRef.name() : host)
                + ":" + requireNonNullElse(port, DEFAULT_PORT)
                + "/" + requireNonNullElse(name, "");
    }

    /** Which Secret, and under which keys. */
    public record CredentialsSecret(
            @JsonPropertyDescription("Name of the Secret. It is read anew at each pass.")
            @Required
            @Size(min = 1, max = 253)
            @Pattern(Rules.SECRET_NAME)
            String name,

            @JsonPropertyDescription("Key of the user name in the Secret.")
            @Default("username")
            @Size(min = 1, max = 253)
            @Pattern(Rules.SECRET_KEY)
            String usernameKey,

            @JsonPropertyDescription("Key of the password in the Secret.")
            @Default("password")
            @Size(min = 1, max = 253)
            @Pattern(Rules.SECRET_KEY)
            String passwordKey) {

        public CredentialsSecret {
            usernameKey = requireNonNullElse(usernameKey, "username");
            passwordKey = requireNonNullElse(passwordKey, "password");
        }
    }

    /** How much of TLS is insisted on, and whom to trust. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(value = Rules.CA_IS_USED, message = Rules.CA_IS_USED_MESSAGE)
    public record TlsSpec(
            @JsonPropertyDescription(
                    "As libpq's sslmode. require (the default) insists on TLS, whoever the server is; prefer uses it where the"
                            + " server offers it; verify-ca also checks who signed the server's certificate; verify-full also checks that it"
                            + " is this host's. disable never uses TLS.")
            @Default("require")
            TlsMode mode,

            @JsonPropertyDescription(
                    "The Secret with the certificates to trust, in PEM, in the namespace of this resource. Without it"
                            + " verify-ca and verify-full trust the authorities that the operator's Java trusts.")
            @Nullable
            CaSecret caSecretRef) {

        public static final TlsSpec DEFAULT = new TlsSpec(TlsMode.REQUIRE, null);

        public TlsSpec {
            mode = requireNonNullElse(mode, TlsMode.REQUIRE);
        }

        /** The modes by the names that libpq gives them. */
        public enum TlsMode {
            @JsonProperty("disable")
            DISABLE,
            @JsonProperty("prefer")
            PREFER,
            @JsonProperty("require")
            REQUIRE,
            @JsonProperty("verify-ca")
            VERIFY_CA,
            @JsonProperty("verify-full")
            VERIFY_FULL
        }

        /** Which Secret, and under which key. */
        public record CaSecret(
                @JsonPropertyDescription("Name of the Secret.")
                @Required
                @Size(min = 1, max = 253)
                @Pattern(Rules.SECRET_NAME)
                String name,

                @JsonPropertyDescription("Key of the PEM certificates in the Secret.")
                @Default("ca.crt")
                @Size(min = 1, max = 253)
                @Pattern(Rules.SECRET_KEY)
                String key) {

            public CaSecret {
                key = requireNonNullElse(key, "ca.crt");
            }
        }
    }
}

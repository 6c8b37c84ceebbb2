package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the database is and as whom to go there. Host, port and name may come from the Secret instead. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseSpec(
        @JsonPropertyDescription(
                "Host name or address of the PostgreSQL server; without it, the Secret's key host. Connect to the server"
                        + " itself, not to a transaction pooler: index builds need a session of their own. The Secret has"
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
}

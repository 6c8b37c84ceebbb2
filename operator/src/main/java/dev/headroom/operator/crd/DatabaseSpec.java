package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Where the database is and as whom to go there. */
public record DatabaseSpec(
        @JsonPropertyDescription(
                "Host name or address of the PostgreSQL server. Connect to the server itself, not to a transaction"
                        + " pooler: index builds need a session of their own.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[A-Za-z0-9._:-]+$")
        String host,

        @JsonPropertyDescription("Port of the server.") @Default("5432") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription("Name of the database.") @Required @Size(min = 1, max = 63) @Pattern(Rules.ONE_LINE)
        String name,

        @JsonPropertyDescription(
                "Schemas this resource is about. A declared index without a schema is looked for in these, in this"
                        + " order; findings and foreign keys are looked for in all of them.")
        @Default("[\"public\"]")
        @SetList
        @Size(min = 1, max = 32)
        List<@Size(min = 1, max = 63) @Pattern(Rules.ONE_LINE) String> schemas,

        @JsonPropertyDescription("The Secret with user name and password, in the namespace of this resource.") @Required
        CredentialsSecret credentialsSecret,

        @JsonPropertyDescription("How the connection is protected.") @Default("{}")
        TlsSpec tls) {

    public static final int DEFAULT_PORT = 5432;

    public DatabaseSpec {
        port = requireNonNullElse(port, DEFAULT_PORT);
        schemas = schemas == null || schemas.isEmpty() ? List.of("public") : List.copyOf(schemas);
        tls = requireNonNullElse(tls, TlsSpec.DEFAULT);
    }

    /** The same database for everyone, however many resources are about it. */
    public String identity() {
        return host + ":" + port + "/" + name;
    }
}

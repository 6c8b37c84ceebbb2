package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

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

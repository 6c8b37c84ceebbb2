package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

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

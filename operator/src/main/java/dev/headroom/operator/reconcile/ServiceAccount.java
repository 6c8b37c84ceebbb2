package dev.headroom.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** The account that this pod runs as. Its token says which one that is, so that no right to read accounts is needed. */
record ServiceAccount(String namespace, String name, String uid) {

    /** Empty outside of a pod, and where the token does not say it, as those of old did not. */
    static Optional<ServiceAccount> ofThisPod(Path token) throws IOException {
        if (!Files.isReadable(token)) {
            return Optional.empty();
        }
        String[] parts = Files.readString(token).strip().split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        JsonNode claims = new ObjectMapper().readTree(decoded(parts[1])).path("kubernetes.io");
        JsonNode account = claims.path("serviceaccount");
        return account.hasNonNull("name") && account.hasNonNull("uid")
                ? Optional.of(new ServiceAccount(
                        claims.path("namespace").asText(),
                        account.get("name").asText(),
                        account.get("uid").asText()))
                : Optional.empty();
    }

    private static byte[] decoded(String part) throws IOException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new IOException("the token of the service account is no JSON web token", e);
        }
    }
}

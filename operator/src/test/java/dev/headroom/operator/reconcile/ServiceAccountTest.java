package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceAccountTest {

    @TempDir
    private Path folder;

    @Test
    void theTokenOfAPodNamesItsAccount() throws IOException {
        Path token = token("""
                {"aud": ["https://kubernetes.default.svc"], "kubernetes.io": {"namespace": "headroom",
                 "serviceaccount": {"name": "headroom-operator", "uid": "6bb5546d"}}}
                """);

        assertThat(ServiceAccount.ofThisPod(token))
                .contains(new ServiceAccount("headroom", "headroom-operator", "6bb5546d"));
    }

    @Test
    void noTokenOrAnotherOneIsNoAccount() throws IOException {
        assertThat(ServiceAccount.ofThisPod(folder.resolve("none"))).isEmpty();
        assertThat(ServiceAccount.ofThisPod(token("{\"sub\": \"somebody\"}"))).isEmpty();
        assertThat(ServiceAccount.ofThisPod(Files.writeString(folder.resolve("odd"), "no token")))
                .isEmpty();
    }

    private Path token(String claims) throws IOException {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String part = encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return Files.writeString(folder.resolve("token"), "e30." + part + ".c2ln\n");
    }
}

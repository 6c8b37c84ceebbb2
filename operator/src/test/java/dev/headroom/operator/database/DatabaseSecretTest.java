package dev.headroom.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSecretTest {

    private static final CredentialsSecret NAMES = new CredentialsSecret("app", null, null);

    @Test
    void theSecretOfCloudNativePgSaysEverything() throws Exception {
        DatabaseSecret secret = secret(Map.of(
                "username", "app", "user", "app", "password", "pw", "host", "db-rw", "port", "5432", "dbname", "shop"));

        assertThat(secret.user()).isEqualTo("app");
        assertThat(secret.password()).isEqualTo("pw");
        assertThat(secret.complete(spec(null, null, null)).identity()).isEqualTo("db-rw:5432/shop");
    }

    @Test
    void theSpecGoesBeforeTheSecret() throws Exception {
        DatabaseSecret secret = secret(Map.of("host", "db-rw", "port", "6000", "dbname", "shop"));

        assertThat(secret.complete(spec("db-ro", null, null)).identity()).isEqualTo("db-ro:6000/shop");
        assertThat(secret.complete(spec("db-ro", 7000, "other")).identity()).isEqualTo("db-ro:7000/other");
    }

    @Test
    void aUriSaysWhatTheKeysLeaveOut() throws Exception {
        DatabaseSecret secret = secret(Map.of("uri", "postgresql://u:p%40@db.example:6432/shop?sslmode=require"));

        assertThat(secret.complete(spec(null, null, null)).identity()).isEqualTo("db.example:6432/shop");
    }

    @ParameterizedTest
    @CsvSource({"user, user", "username, username"})
    void theUsualKeysOfTheUserAreKnown(String key, String value) {
        assertThat(secret(Map.of(key, value)).user()).isEqualTo(value);
    }

    @Test
    void aKeyThatTheSpecNamesIsTheOnlyOneLookedFor() {
        DatabaseSecret secret =
                new DatabaseSecret(new CredentialsSecret("app", "login", null), Map.of("user", "other")::get);

        assertThat(secret.user()).isNull();
    }

    @Test
    void whatIsMissingIsNamedWithTheFieldThatWouldDo() {
        assertThatThrownBy(() -> secret(Map.of()).complete(spec(null, null, "shop")))
                .hasMessageContaining("\"host\" is missing")
                .hasMessageContaining("database.host");
        assertThatThrownBy(() -> secret(Map.of("host", "db", "port", "five")).complete(spec(null, null, "shop")))
                .hasMessageContaining("\"port\" is no number");
        assertThatThrownBy(() ->
                        secret(Map.of("uri", "postgresql://u:secret word@db")).complete(spec(null, null, "a")))
                .hasMessageNotContaining("secret word");
    }

    @ParameterizedTest
    @CsvSource({
        "db, true",
        "DB, true",
        "db.shop, true",
        "db.shop.svc, true",
        "db.shop.svc.cluster.local, true",
        "db.other.svc, false",
        "db.shop.evil.example, false",
        "evil.example, false"
    })
    void aSecretIsForItsOwnHostInEachFormOfItsServiceName(String host, boolean own) {
        assertThat(secret(Map.of("host", "db")).names(host, "shop")).isEqualTo(own);
    }

    private static DatabaseSecret secret(Map<String, String> values) {
        return new DatabaseSecret(NAMES, values::get);
    }

    private static DatabaseSpec spec(@Nullable String host, @Nullable Integer port, @Nullable String name) {
        return new DatabaseSpec(host, port, name, List.of("public"), NAMES, TlsSpec.DEFAULT);
    }
}

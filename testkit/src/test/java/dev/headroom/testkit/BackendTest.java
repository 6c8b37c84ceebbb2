package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BackendTest {

    @Test
    void nothingSaidMeansEmbedded() {
        assertThat(Backend.from(Map.of())).isEqualTo(Backend.EMBEDDED);
        assertThat(Backend.from(Map.of("TEST_BACKEND", " "))).isEqualTo(Backend.EMBEDDED);
    }

    @Test
    void anUnknownBackendIsAnErrorThatNamesTheKnownOnes() {
        assertThat(Backend.from(Map.of("TEST_BACKEND", "containers"))).isEqualTo(Backend.CONTAINERS);
        assertThatThrownBy(() -> Backend.from(Map.of("TEST_BACKEND", "docker")))
                .hasMessage("TEST_BACKEND=docker is unknown, it is one of embedded, containers, external");
    }

    @Test
    void externalServersNeedAnAddress() {
        assertThatThrownBy(() -> ExternalPostgres.from(Map.of()))
                .hasMessageContaining("TEST_POSTGRES_URL=postgresql://");
        assertThatThrownBy(() -> ExternalPostgres.from(Map.of("TEST_POSTGRES_URL", "mysql://a:b@c:1")))
                .hasMessageContaining("this is not one: mysql://a:b@c:1");
        assertThatThrownBy(() -> ExternalRedis.address(Map.of())).hasMessageContaining("TEST_REDIS_URL=redis://");
        assertThat(ExternalPostgres.from(Map.of("TEST_POSTGRES_URL", "postgresql://ann:s3:cret@db:6000")))
                .isEqualTo(new ExternalPostgres("db", 6000, "ann", "s3:cret"));
    }
}

package dev.headroom.operator.index.look;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFactsTest {

    @ParameterizedTest
    @CsvSource({
        "130012, false, is too old",
        "140000, false, can corrupt indexes",
        "140003, false, can corrupt indexes",
        "140004, false,",
        "150008, false,",
        "180006, false,",
        "180006, true, is a read replica"
    })
    void onlySoundServersAreWorkedOn(int version, boolean inRecovery, String refusal) {
        ServerFacts server = new ServerFacts(version, "x", inRecovery, "shop", true, true, "db", "1/5", "now");
        if (refusal == null) {
            assertThat(server.refusal()).isEmpty();
        } else {
            assertThat(server.refusal()).get().asString().contains(refusal);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,", "false, GRANT pg_monitor TO \"shop\""})
    void blindnessIsNamedWithItsGrant(boolean sees, String grant) {
        assertThat(new ServerFacts(180000, "18", false, "shop", sees, true, "db", "1/5", "now")
                        .blindness()
                        .orElse(null))
                .isEqualTo(grant);
    }
}

package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.failure.PoolBusy;
import dev.headroom.service.database.profile.PoolGauges;
import dev.headroom.service.database.settings.Patience;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.testkit.LoggedLines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final Faults faults = new Faults();

    @Test
    void requestsThatAllFailDoNotFloodTheLogAndNoneIsToldThatItIsInThereWhenItIsNot() {
        try (LoggedLines log = LoggedLines.of(Faults.class.getName())) {
            for (int request = 0; request < 1_000; request++) {
                String answer = failed();
                String id = answer.replaceFirst("(?s).*\"request_id\":\"(.*?)\".*", "$1");
                assertThat(answer.contains("the request id leads to it in our log"))
                        .isEqualTo(log.lines().stream().anyMatch(line -> line.contains(id)));
            }
            faults.close();
            assertThat(log.lines()).hasSize(102).last().asString().contains("899 more requests failed");
        }
    }

    @Test
    void requestsThatAreTurnedAwayAreCountedAndSaidOnceWithWhatToChange() {
        var busy = new PoolBusy(new PoolGauges(10, 10, 0, 64), new Patience(64, Duration.ofSeconds(2)));
        try (LoggedLines log = LoggedLines.of(Faults.class.getName())) {
            for (int request = 0; request < 100; request++) {
                Call call = new Call("GET", "/topics/", "", name -> null);
                assertThat(faults.reply(call, busy).status()).isEqualTo(503);
            }
            assertThat(faults.shed()).isEqualTo(100);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("turned away with 503", "10 of 10 connections in use", "database.pool.maximum-pool-size");
        }
    }

    private String failed() {
        Call call = new Call("GET", "/topics/", "", name -> null);
        Reply reply = faults.reply(call, new IllegalStateException("of a test"));
        assertThat(reply.status()).isEqualTo(500);
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}

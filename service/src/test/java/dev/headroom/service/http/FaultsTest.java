package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.testkit.LoggedLines;
import java.nio.charset.StandardCharsets;
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

    private String failed() {
        Call call = new Call("GET", "/topics/", "", name -> null);
        Reply reply = faults.reply(call, new IllegalStateException("of a test"));
        assertThat(reply.status()).isEqualTo(500);
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}

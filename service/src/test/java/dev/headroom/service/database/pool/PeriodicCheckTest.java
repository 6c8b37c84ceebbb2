package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.LoggedLines;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicCheckTest {
    @Test
    void aLookThatFailsIsSaidAndIsNotTheLastOne() {
        AtomicInteger looks = new AtomicInteger();
        try (LoggedLines log = LoggedLines.of(PeriodicCheck.class.getPackage());
                PeriodicCheck _ = PeriodicCheck.every(Duration.ofMillis(5), "what is tested", () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("nobody thought of this");
                    }
                })) {
            await().until(() -> looks.get() > 2);
            assertThat(log.written())
                    .filteredOn(line -> line.contains("what is tested"))
                    .singleElement()
                    .asString()
                    .contains("failed and is taken again");
        }
    }
}

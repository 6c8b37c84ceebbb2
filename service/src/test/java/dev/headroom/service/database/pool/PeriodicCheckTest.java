package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.LoggedLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeriodicCheckTest {
    @ParameterizedTest
    @MethodSource
    void aLookThatFailsIsSaidAndIsNotTheLastOne(Throwable failure) {
        AtomicInteger looks = new AtomicInteger();
        try (LoggedLines log = LoggedLines.of(PeriodicCheck.class.getPackage());
                PeriodicCheck _ = PeriodicCheck.every(Duration.ofMillis(5), "what is tested", () -> {
                    if (looks.incrementAndGet() == 1) {
                        throwUnchecked(failure);
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

    private static List<Throwable> aLookThatFailsIsSaidAndIsNotTheLastOne() {
        return List.of(
                new IllegalStateException("nobody thought of this"),
                new NoClassDefFoundError("nobody thought of this either"));
    }

    private static void throwUnchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}

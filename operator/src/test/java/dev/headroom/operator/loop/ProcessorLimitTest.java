package dev.headroom.operator.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.process.Await;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessorLimitTest {

    @Test
    void aBusyProcessGetsNoMoreThanItsLimit() throws IOException {
        Process busy = new ProcessBuilder("/bin/sh", "-c", "while :; do :; done").start();
        try (ProcessorLimit limit = new ProcessorLimit()) {
            limit.add(busy.pid(), 0.1);
            Duration atFirst = used(busy);
            long began = System.nanoTime();

            Await.until("0.1 s more of processor time", () -> usedSince(busy, atFirst) >= 100);

            // A second at a tenth of a core, less what one period and one look are worth.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(700));
            limit.remove(busy.pid());
            Duration atLast = used(busy);
            Await.until("more without the limit", () -> usedSince(busy, atLast) >= 100);
        } finally {
            busy.destroyForcibly();
        }
    }

    private static long usedSince(Process process, Duration before) {
        return used(process).minus(before).toMillis();
    }

    private static Duration used(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}

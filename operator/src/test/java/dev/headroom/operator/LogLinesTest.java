package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void namesInAMessageOrAnExceptionBeginNoLineOfTheirOwn() {
        LogRecord entry = new LogRecord(Level.WARNING, "index {0} failed");
        entry.setLoggerName("dev.headroom");
        entry.setParameters(new Object[] {"a\n2026-11-30T10:00:00.000Z INFO    dev.headroom: all is well\u001b[2J"});
        entry.setThrown(new IllegalStateException("b\r\n2026-11-30T10:00:00.000Z INFO    dev.headroom: all is well"));
        entry.setInstant(Instant.parse("2026-11-30T09:00:00Z"));

        String text = new Logging.LineFormatter().format(entry);

        assertThat(text)
                .startsWith("2026-11-30T09:00:00.000Z WARNING dev.headroom: index a\\n2026-11-30T10")
                .doesNotContain("\u001b");
        assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("    "));
    }
}

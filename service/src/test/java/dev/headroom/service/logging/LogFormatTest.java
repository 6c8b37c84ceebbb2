package dev.headroom.service.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormatTest {
    private static LogRecord event(Level level, String message) {
        LogRecord event = new LogRecord(level, message);
        event.setLoggerName("dev.headroom.Some");
        return event;
    }

    @ParameterizedTest
    @CsvSource({"SEVERE, ERROR", "WARNING, WARN", "INFO, INFO", "CONFIG, DEBUG", "FINE, DEBUG", "FINER, TRACE"})
    void levelsHaveTheNamesThatPeopleFilterFor(String level, String name) {
        assertThat(new LogFormat().format(event(Level.parse(level), "what happened")))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d{4} " + name
                        + " +dev\\.headroom\\.Some: what happened\\R");
    }

    @Test
    void aStackFollowsItsLine() {
        LogRecord event = event(Level.SEVERE, "{0} failed");
        event.setParameters(new Object[] {"it"});
        event.setThrown(new IllegalStateException("why"));

        assertThat(new LogFormat().format(event).lines())
                .satisfies(lines -> assertThat(lines.getFirst()).endsWith(": it failed"))
                .contains("java.lang.IllegalStateException: why");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 | 0 rows", "1 | 1 row", "2 | 2 rows", "12345 | 12,345 rows"})
    void oneRowIsNotOneRows(long number, String text) {
        assertThat(new Counted(number, "row")).hasToString(text);
    }
}

package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.logging.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.ConnectionFactory;

/** What libraries would say of each broken connection, with its stack, and we say ourselves, once an outage. */
class LoggingTest {

    @ParameterizedTest
    @ValueSource(classes = ConnectionFactory.class)
    void aWarningOfALibraryOnABrokenConnectionIsNotWritten(Class<?> library) throws IOException {
        var settings = new Properties();
        try (InputStream lines = Logging.class.getResourceAsStream("/logging.properties")) {
            settings.load(lines);
        }
        Level level = Level.parse(settings.getProperty(library.getName() + ".level", "INFO"));
        assertThat(level.intValue()).isGreaterThan(Level.WARNING.intValue());
    }
}

package dev.headroom.operator.index.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.crd.DatabaseSpec.CredentialsSecret;
import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Instant START = Instant.parse("2030-05-01T12:00:00Z");

    @Test
    void entriesForADatabaseThatIsGoneAreGivenUp() {
        History history = new History();
        GoneDatabase gone = new GoneDatabase();
        history.add(gone, "public", "build ix", at(Duration.ZERO));

        history.write(true, at(Duration.ofMinutes(59)));
        assertThat(gone.asked).as("tried").isEqualTo(1);
        history.write(true, at(Duration.ofMinutes(61)));
        assertThat(gone.asked).as("tried again").isEqualTo(2);

        history.write(true, at(Duration.ofMinutes(62)));
        assertThat(gone.asked).as("given up").isEqualTo(2);
    }

    private static Clock at(Duration later) {
        return Clock.fixed(START.plus(later), ZoneOffset.UTC);
    }

    private static final class GoneDatabase implements DatabaseAccess {
        private int asked;

        @Override
        public DatabaseSpec spec() {
            return new DatabaseSpec(
                    "gone", 5432, "app", List.of("public"), new CredentialsSecret("db", null, null), TlsSpec.DEFAULT);
        }

        @Override
        public Connection open(String purpose) throws SQLException {
            asked++;
            throw new SQLException("no route to host", "08001");
        }

        @Override
        public Connection openForWork(String purpose) throws SQLException {
            return open(purpose);
        }
    }
}

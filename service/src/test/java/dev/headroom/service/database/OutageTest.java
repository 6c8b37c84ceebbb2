package dev.headroom.service.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an outage reads in the log why nothing can be reached. */
class OutageTest {

    @Test
    void a_wrong_user_is_named_in_the_words_of_the_server() {
        try (TestPostgres.Database server = TestPostgres.database()) {
            tells(DatabaseSettings.of(server.jdbcUrl(), "nobody", "wrong"), "FATAL", "\"nobody\"");
        }
    }

    @Test
    void a_host_that_nobody_knows_is_named() {
        tells(
                DatabaseSettings.of("jdbc:postgresql://no-such-host.invalid/app", "app", "secret"),
                "UnknownHostException: no-such-host.invalid");
    }

    private static void tells(DatabaseSettings settings, String... words) {
        try (LogLines log = new LogLines(Outage.class.getName());
                Database database = new Database(settings)) {
            assertThatThrownBy(() -> database.list(Query.of("any", "select 1")))
                    .isInstanceOf(DatabaseUnavailable.class);
            await().untilAsserted(() -> assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARNING the primary database cannot be reached because: "))
                    .singleElement()
                    .asString()
                    .contains(words)
                    .doesNotContain("secret", "wrong"));
        }
    }
}

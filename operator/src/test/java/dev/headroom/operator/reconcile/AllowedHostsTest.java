package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedHostsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db.example                | db.example      | true",
                "DB.example                | db.EXAMPLE      | true",
                "a, db.example b           | b               | true",
                "*.example                 | db.example      | true",
                "*.example                 | a.b.example     | true",
                "*.example                 | example         | false",
                "*.example                 | badexample      | false",
                "*                         | anything        | true",
                "db.example                | db.example.evil | false",
                "d*                        | db              | false",
                "''                        | db              | false",
            })
    void aHostIsAllowedByNameOrSuffix(String annotation, String host, boolean allowed) {
        assertThat(AllowedHosts.parse(annotation).allow(host)).isEqualTo(allowed);
    }
}

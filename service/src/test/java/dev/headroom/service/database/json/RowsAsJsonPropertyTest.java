package dev.headroom.service.database.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.service.database.statement.Query;
import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Random rows of every type: what we write is, byte for byte, what PostgreSQL's own row_to_json writes. */
class RowsAsJsonPropertyTest {

    /** The driver prepares a statement on the server the fifth time; only then some types come in binary. */
    private static final int RUNS_UNTIL_BINARY = 7;

    private static TestPostgres.Database server;
    private static Database database;

    @BeforeContainer
    static void open() throws SQLException {
        server = TestPostgres.database().with("hstore");
        try (Connection connection = server.connect();
                var statement = connection.createStatement()) {
            statement.execute(RandomSql.TYPES);
        }
        DatabaseSettings settings = DatabaseSettings.of(server.jdbcUrl(), server.user(), server.password());
        database = new Database(settings.withPool(settings.pool().withSize(new PoolSize(1, 1))));
    }

    @AfterContainer
    static void close() {
        database.close();
        server.close();
    }

    /** A table as a query: columns of random types, rows of random values. */
    @Provide
    Arbitrary<String> tables() {
        return Arbitraries.of(RandomSql.ALL).list().ofMinSize(1).ofMaxSize(12).flatMap(columns -> {
            List<Arbitrary<String>> values =
                    columns.stream().map(RandomSql::expressions).toList();
            return Combinators.combine(values)
                    .as(RowsAsJsonPropertyTest::row)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(4)
                    .map(rows -> String.join("\nunion all ", rows));
        });
    }

    private static String row(List<String> values) {
        List<String> named = new ArrayList<>();
        for (int at = 0; at < values.size(); at++) {
            named.add(values.get(at) + " as \"Column \"\"" + at + "\"");
        }
        return "select " + String.join(", ", named);
    }

    @Property(tries = 500)
    void randomRowsAreWrittenAsRowToJsonWritesThem(@ForAll("tables") String table) {
        String theirs = "select ('[' || string_agg(row_to_json(t)::text, ',') || ']')::json from (" + table + ") t";
        String expected =
                new String(database.document(Query.of("theirs", theirs)).orElseThrow(), UTF_8);
        for (int run = 0; run < RUNS_UNTIL_BINARY; run++) {
            assertThat(new String(database.list(Query.of("ours", table)), UTF_8))
                    .isEqualTo(expected);
        }
    }

    @Property(tries = 200)
    void byteaIsBase64AloneInArraysAndInRowValues(@ForAll byte[] bytes) {
        String hex = "'\\x" + java.util.HexFormat.of().formatHex(bytes) + "'::bytea";
        String base64 = java.util.Base64.getEncoder().encodeToString(bytes);
        Query query = Query.of("bytea", "select " + hex + " as a, array[" + hex + ", null] as b");
        assertThat(new String(database.list(query), UTF_8))
                .isEqualTo("[{\"a\":\"" + base64 + "\",\"b\":[\"" + base64 + "\",null]}]");
    }
}
